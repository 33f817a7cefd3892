import { html, type TemplateResult } from 'lit';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import '../elements/usd-notice.ts';

/** The card where nothing can be drawn: why, which browsers draw, and the thumbnail that the package brought along. */
export function renderDrawingNotice(error: ErrorInfo, thumbnailUrl: string, actions: TemplateResult): TemplateResult {
  const isMissing = !('gpu' in navigator);
  return html`<usd-notice
    heading=${isMissing ? 'This browser has no WebGPU' : 'The scene cannot be drawn here'}
    text=${reasonOf(error)}
    detail="The prim tree, properties and problems of a scene can be read all the same."
    ?showsBrowsers=${isSecureContext && (isMissing || error.code === 'adapter-missing')}
    .thumbnail=${thumbnailUrl}
    >${actions}</usd-notice
  >`;
}

function reasonOf(error: ErrorInfo): string {
  if (!isSecureContext)
    return 'Browsers offer WebGPU only to pages that came over https, or from this computer. Open the page by an https address.';
  if (!('gpu' in navigator))
    return 'Proscenium draws with WebGPU, which this browser does not have or keeps switched off. These browsers have it:';
  if (error.code !== 'adapter-missing') return error.message;
  return `${error.message}. Hardware acceleration may be switched off in the browser's settings, or the graphics driver may be blocked. These browsers draw with WebGPU:`;
}
