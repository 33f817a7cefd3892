/** A cube in raw WebGPU: 36 vertices made in the shader, one angle as its only input. */
const WGSL = /* wgsl */ `
@group(0) @binding(0) var<uniform> angle: f32;

struct Corner {
  @builtin(position) position: vec4f,
  @location(0) color: vec3f,
}

const FACES = array(
  vec3f(0.91, 0.26, 0.21), vec3f(0.13, 0.59, 0.95), vec3f(0.30, 0.69, 0.31),
  vec3f(1.00, 0.76, 0.03), vec3f(0.61, 0.15, 0.69), vec3f(0.00, 0.74, 0.83),
);

@vertex
fn vs_main(@builtin(vertex_index) i: u32) -> Corner {
  let face = i / 6u;
  let axis = face % 3u;
  let side = select(-1.0, 1.0, face < 3u);
  let at = array(vec2f(-1, -1), vec2f(1, -1), vec2f(1, 1), vec2f(-1, -1), vec2f(1, 1), vec2f(-1, 1))[i % 6u];
  var p: vec3f;
  p[axis] = side;
  p[(axis + 1u) % 3u] = at.x;
  p[(axis + 2u) % 3u] = at.y;
  var n: vec3f;
  n[axis] = side;
  let to_world = turn_x(0.6) * turn_y(angle);
  p = to_world * p;
  n = to_world * n;
  // The eye is 5 in front of the middle, the field of view is 47 degrees; depth is 1 / distance.
  let z = 5.0 - p.z;
  let focal = 2.3;
  let light = 0.7 + 0.3 * max(dot(n, normalize(vec3f(0.4, 0.7, 0.6))), 0.0);
  return Corner(vec4f(p.x * focal, p.y * focal, 1.0, z), FACES[face] * light);
}

@fragment
fn fs_main(corner: Corner) -> @location(0) vec4f {
  return vec4f(corner.color, 1.0);
}

fn turn_y(a: f32) -> mat3x3f {
  return mat3x3f(cos(a), 0, -sin(a), 0, 1, 0, sin(a), 0, cos(a));
}

fn turn_x(a: f32) -> mat3x3f {
  return mat3x3f(1, 0, 0, 0, cos(a), sin(a), 0, -sin(a), cos(a));
}
`;

export function createCube(device, format) {
  const module = device.createShaderModule({ label: 'cube', code: WGSL });
  const pipeline = device.createRenderPipeline({
    label: 'cube',
    layout: 'auto',
    vertex: { module },
    fragment: { module, targets: [{ format }] },
    depthStencil: { format: 'depth24plus', depthCompare: 'greater', depthWriteEnabled: true },
    multisample: { count: 4 },
  });
  const angles = device.createBuffer({ label: 'cube/angle', size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const bindGroup = device.createBindGroup({
    label: 'cube',
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: angles } }],
  });
  let smooth;
  let depth;

  return {
    /** @param target texture to draw into, all of it */
    draw(encoder, target, angle) {
      if (smooth?.width !== target.width || smooth.height !== target.height) {
        smooth?.destroy();
        depth?.destroy();
        const size = [target.width, target.height];
        smooth = device.createTexture({ label: 'cube/smooth', size, format, sampleCount: 4, usage: GPUTextureUsage.RENDER_ATTACHMENT });
        depth = device.createTexture({
          label: 'cube/depth',
          size,
          format: 'depth24plus',
          sampleCount: 4,
          usage: GPUTextureUsage.RENDER_ATTACHMENT,
        });
      }
      device.queue.writeBuffer(angles, 0, new Float32Array([angle]));
      const pass = encoder.beginRenderPass({
        label: 'cube',
        colorAttachments: [
          {
            view: smooth.createView(),
            resolveTarget: target.createView(),
            loadOp: 'clear',
            storeOp: 'discard',
            clearValue: [0.09, 0.11, 0.14, 1],
          },
        ],
        depthStencilAttachment: { view: depth.createView(), depthClearValue: 0, depthLoadOp: 'clear', depthStoreOp: 'discard' },
      });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.draw(36);
      pass.end();
    },
  };
}
