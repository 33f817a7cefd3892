/** How far everything below is scrolled, shadow roots included. Elements forget it when they leave the page. */
export function scrollPositionsOf(root: ParentNode, found: Map<Element, number> = new Map()): ReadonlyMap<Element, number> {
  for (const element of root.querySelectorAll('*')) {
    if (element.scrollTop > 0) found.set(element, element.scrollTop);
    if (element.shadowRoot !== null) scrollPositionsOf(element.shadowRoot, found);
  }
  return found;
}
