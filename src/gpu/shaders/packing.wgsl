// Unit vectors on an octahedron, two snorm16, x in the low half. Twin of layout/packing.ts.
fn unpack_octahedral(word: u32) -> vec3f {
  let uv = unpack2x16snorm(word);
  var n = vec3f(uv, 1.0 - abs(uv.x) - abs(uv.y));
  let t = max(-n.z, 0.0);
  n.x += select(t, -t, n.x >= 0.0);
  n.y += select(t, -t, n.y >= 0.0);
  return normalize(n);
}
