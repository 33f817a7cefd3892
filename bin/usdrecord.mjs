#!/usr/bin/env node
/** Draws a USD file to a PNG with the built app in headless Chromium. `--help` tells the options. */
import { parseArgs } from 'node:util';
import { usdrecord, UsageError } from '../scripts/usdrecord.mjs';

const HELP = `usdrecord INPUT OUT.png [options]
  --size WxH               picture size in pixels (960x540)
  --camera PRIM            path of an authored camera
  --eye x,y,z --target x,y,z [--up x,y,z] [--fov DEG]   a camera by place (vertical field of view, 40)
  --time CODE              time code (the stage's start)
  --purposes LIST          of default,render,proxy,guide (default,render)
  --variant PRIM:SET=NAME  selects a variant; may be repeated
  --background r,g,b,a     sRGB, 0..1 (transparent: 0,0,0,0); or "environment"
  --light KIND             studio, image, camera, stage or none (studio)
  --environment FILE       latitude-longitude picture to light with (.hdr, .exr, .png, .jpg …)
Prints one JSON line. Exit status: 0, or 1 with a line that says why.`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      size: { type: 'string' },
      camera: { type: 'string' },
      eye: { type: 'string' },
      target: { type: 'string' },
      up: { type: 'string' },
      fov: { type: 'string' },
      time: { type: 'string' },
      purposes: { type: 'string' },
      variant: { type: 'string', multiple: true },
      background: { type: 'string' },
      light: { type: 'string' },
      environment: { type: 'string' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
  } else {
    const [input, output, ...rest] = positionals;
    if (input === undefined || output === undefined || rest.length > 0)
      throw new UsageError('INPUT and OUT.png are needed (--help tells more)');
    console.log(JSON.stringify(await usdrecord(input, output, values)));
  }
} catch (error) {
  console.error(`usdrecord: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  process.exitCode = 1;
}
