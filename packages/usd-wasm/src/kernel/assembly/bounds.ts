/** Bounds of points, four at a time: three vectors hold x y z x, y z x y, z x y z. Result: six f32 at `result`. */
export function bounds(points: usize, count: u32, result: usize): void {
  const zero = f32x4.splat(0);
  let lowA = f32x4.splat(Infinity);
  let lowB = lowA;
  let lowC = lowA;
  let highA = f32x4.splat(-Infinity);
  let highB = highA;
  let highC = highA;
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    const at = points + i * 12;
    let a = v128.load(at);
    let b = v128.load(at, 16);
    let c = v128.load(at, 32);
    // ∞ − ∞ and NaN − NaN are NaN
    const check = f32x4.add(f32x4.add(f32x4.sub(a, a), f32x4.sub(b, b)), f32x4.sub(c, c));
    if (!i32x4.all_true(f32x4.eq(check, zero))) {
      // one of the four is not finite: each by itself
      for (let k: u32 = 0; k < 4; k++) addPoint(at + k * 12, result);
      continue;
    }
    lowA = f32x4.pmin(lowA, a);
    lowB = f32x4.pmin(lowB, b);
    lowC = f32x4.pmin(lowC, c);
    highA = f32x4.pmax(highA, a);
    highB = f32x4.pmax(highB, b);
    highC = f32x4.pmax(highC, c);
  }
  for (; i < count; i++) addPoint(points + i * 12, result);
  lowest(result, f32x4.extract_lane(lowA, 0));
  lowest(result + 4, f32x4.extract_lane(lowA, 1));
  lowest(result + 8, f32x4.extract_lane(lowA, 2));
  lowest(result, f32x4.extract_lane(lowA, 3));
  lowest(result + 4, f32x4.extract_lane(lowB, 0));
  lowest(result + 8, f32x4.extract_lane(lowB, 1));
  lowest(result, f32x4.extract_lane(lowB, 2));
  lowest(result + 4, f32x4.extract_lane(lowB, 3));
  lowest(result + 8, f32x4.extract_lane(lowC, 0));
  lowest(result, f32x4.extract_lane(lowC, 1));
  lowest(result + 4, f32x4.extract_lane(lowC, 2));
  lowest(result + 8, f32x4.extract_lane(lowC, 3));
  highest(result + 12, f32x4.extract_lane(highA, 0));
  highest(result + 16, f32x4.extract_lane(highA, 1));
  highest(result + 20, f32x4.extract_lane(highA, 2));
  highest(result + 12, f32x4.extract_lane(highA, 3));
  highest(result + 16, f32x4.extract_lane(highB, 0));
  highest(result + 20, f32x4.extract_lane(highB, 1));
  highest(result + 12, f32x4.extract_lane(highB, 2));
  highest(result + 16, f32x4.extract_lane(highB, 3));
  highest(result + 20, f32x4.extract_lane(highC, 0));
  highest(result + 12, f32x4.extract_lane(highC, 1));
  highest(result + 16, f32x4.extract_lane(highC, 2));
  highest(result + 20, f32x4.extract_lane(highC, 3));
}

function addPoint(point: usize, result: usize): void {
  const x = load<f32>(point);
  const y = load<f32>(point, 4);
  const z = load<f32>(point, 8);
  if (x - x + (y - y) + (z - z) != 0) return;
  lowest(result, x);
  lowest(result + 4, y);
  lowest(result + 8, z);
  highest(result + 12, x);
  highest(result + 16, y);
  highest(result + 20, z);
}

function lowest(at: usize, value: f32): void {
  if (value < load<f32>(at)) store<f32>(at, value);
}

function highest(at: usize, value: f32): void {
  if (value > load<f32>(at)) store<f32>(at, value);
}
