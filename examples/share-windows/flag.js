/** A flag of 24 x 16 pieces that waves, with a texture on it. */
const WGSL = /* wgsl */ `
@group(0) @binding(0) var<uniform> seconds: f32;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var linear: sampler;

const COLUMNS = 24u;

struct Corner {
  @builtin(position) position: vec4f,
  @location(0) uv: vec2f,
  @location(1) slope: f32,
}

@vertex
fn vs_main(@builtin(vertex_index) i: u32) -> Corner {
  let piece = i / 6u;
  let corner = array(vec2f(0, 0), vec2f(1, 0), vec2f(0, 1), vec2f(0, 1), vec2f(1, 0), vec2f(1, 1))[i % 6u];
  let uv = (vec2f(f32(piece % COLUMNS), f32(piece / COLUMNS)) + corner) / vec2f(24, 16);
  // It hangs on its left side, and waves more the further from it.
  let phase = 5.0 * uv.x - 2.5 * seconds + 0.8 * uv.y;
  let depth = 0.28 * uv.x * sin(phase);
  let p = vec3f((uv.x - 0.5) * 2.0 + 0.1 * depth, (0.5 - uv.y) * 1.9 - 0.12 * uv.x * uv.x + 0.25 * depth, depth);
  let z = 3.4 - p.z;
  return Corner(vec4f(p.x * 2.0, p.y * 2.8, 0.5 * z, z), uv, uv.x * cos(phase));
}

@fragment
fn fs_main(corner: Corner) -> @location(0) vec4f {
  let color = textureSample(picture, linear, corner.uv).rgb;
  return vec4f(color * (0.92 - 0.3 * corner.slope), 1.0);
}
`;

export function createFlag(device, format) {
  const module = device.createShaderModule({ label: 'flag', code: WGSL });
  const pipeline = device.createRenderPipeline({
    label: 'flag',
    layout: 'auto',
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
  const time = device.createBuffer({ label: 'flag/time', size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const sampler = device.createSampler({ label: 'flag', magFilter: 'linear', minFilter: 'linear' });

  return {
    draw(target, picture, seconds) {
      device.queue.writeBuffer(time, 0, new Float32Array([seconds]));
      const bindGroup = device.createBindGroup({
        label: 'flag',
        layout: pipeline.getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: { buffer: time } },
          { binding: 1, resource: picture.createView() },
          { binding: 2, resource: sampler },
        ],
      });
      const encoder = device.createCommandEncoder({ label: 'flag' });
      const pass = encoder.beginRenderPass({
        label: 'flag',
        colorAttachments: [{ view: target.createView(), loadOp: 'clear', storeOp: 'store', clearValue: [0.8, 0.87, 0.94, 1] }],
      });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.draw(24 * 16 * 6);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
  };
}
