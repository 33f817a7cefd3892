/** The wave equation on a square of heights, by compute shaders, and a picture of it. */
const WGSL = /* wgsl */ `
struct Stone {
  /** In cells; none where the radius is 0. */
  center: vec2f,
  radius: f32,
}

@group(0) @binding(0) var<storage, read> now: array<f32>;
/** Holds the heights of one step before, and gets those of one step after. */
@group(0) @binding(1) var<storage, read_write> before_and_after: array<f32>;
@group(0) @binding(2) var<uniform> stone: Stone;
@group(0) @binding(3) var picture: texture_storage_2d<rgba8unorm, write>;

override SIZE: i32 = 256;

fn height_at(x: i32, y: i32) -> f32 {
  return now[clamp(y, 0, SIZE - 1) * SIZE + clamp(x, 0, SIZE - 1)];
}

@compute @workgroup_size(8, 8)
fn step(@builtin(global_invocation_id) id: vec3u) {
  let x = i32(id.x);
  let y = i32(id.y);
  let around = height_at(x - 1, y) + height_at(x + 1, y) + height_at(x, y - 1) + height_at(x, y + 1);
  let i = y * SIZE + x;
  var height = (0.5 * around - before_and_after[i]) * 0.995;
  if (stone.radius > 0.0) {
    let d = distance(vec2f(f32(x), f32(y)), stone.center) / stone.radius;
    height -= 1.6 * exp(-d * d);
  }
  before_and_after[i] = height;
}

@compute @workgroup_size(8, 8)
fn paint(@builtin(global_invocation_id) id: vec3u) {
  let x = i32(id.x);
  let y = i32(id.y);
  let slope = vec2f(height_at(x + 1, y) - height_at(x - 1, y), height_at(x, y + 1) - height_at(x, y - 1));
  let normal = normalize(vec3f(-3.0 * slope, 1.0));
  let light = dot(normal, normalize(vec3f(-0.5, -0.6, 0.62)));
  let water = mix(vec3f(0.02, 0.22, 0.42), vec3f(0.12, 0.62, 0.78), saturate(0.1 + 0.9 * light));
  let glint = pow(saturate(light), 24.0);
  textureStore(picture, vec2i(x, y), vec4f(water + 0.55 * glint * vec3f(1.0, 0.97, 0.9), 1.0));
}
`;

/** @param size cells along one side, a multiple of 8 */
export function createWaves(device, size) {
  const module = device.createShaderModule({ label: 'waves', code: WGSL });
  const pipelineOf = (entryPoint) =>
    device.createComputePipeline({
      label: `waves/${entryPoint}`,
      layout: 'auto',
      compute: { module, entryPoint, constants: { SIZE: size } },
    });
  const stepping = pipelineOf('step');
  const painting = pipelineOf('paint');
  const heights = [0, 1].map((i) =>
    device.createBuffer({ label: `waves/heights ${i}`, size: size * size * 4, usage: GPUBufferUsage.STORAGE }),
  );
  const stones = device.createBuffer({ label: 'waves/stone', size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const steps = [0, 1].map((now) =>
    device.createBindGroup({
      label: `waves/step ${now}`,
      layout: stepping.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: heights[now] } },
        { binding: 1, resource: { buffer: heights[1 - now] } },
        { binding: 2, resource: { buffer: stones } },
      ],
    }),
  );
  let now = 0;

  return {
    /** @param stone where one falls in, from 0 to 1 across and down, or undefined */
    step(encoder, picture, stone) {
      device.queue.writeBuffer(stones, 0, new Float32Array(stone === undefined ? [0, 0, 0, 0] : [stone[0] * size, stone[1] * size, 5, 0]));
      const pass = encoder.beginComputePass({ label: 'waves' });
      pass.setPipeline(stepping);
      pass.setBindGroup(0, steps[now]);
      pass.dispatchWorkgroups(size / 8, size / 8);
      now = 1 - now;
      pass.setPipeline(painting);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          label: 'waves/paint',
          layout: painting.getBindGroupLayout(0),
          entries: [
            { binding: 0, resource: { buffer: heights[now] } },
            { binding: 3, resource: picture.createView() },
          ],
        }),
      );
      pass.dispatchWorkgroups(size / 8, size / 8);
      pass.end();
    },
  };
}
