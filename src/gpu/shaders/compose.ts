/** One piece of a shader: a file's text under its name. */
export interface ShaderPart {
  readonly name: string;
  readonly text: string;
}

/** A shader joined from parts, with the map back from its lines to theirs. */
export interface ComposedShader {
  readonly label: string;
  readonly code: string;
  readonly parts: readonly ShaderPart[];
}

/** A shader that did not compile. */
export class ShaderError extends Error {
  readonly code = 'shader-failed';
  readonly label: string;
  readonly file: string;
  readonly line: number;

  constructor(label: string, file: string, line: number, message: string) {
    super(`Shader ${label}: ${file}:${line}: ${message}`);
    this.name = 'ShaderError';
    this.label = label;
    this.file = file;
    this.line = line;
  }
}

/** Joins an explicit list of parts, top to bottom. WGSL finds module-scope names in any order. */
export function composeShader(label: string, parts: readonly ShaderPart[]): ComposedShader {
  return { label, code: parts.map((part) => part.text).join('\n'), parts };
}

/** File and line (from 1) of a line (from 1) of the joined text. */
export function locateLine(shader: ComposedShader, line: number): { readonly file: string; readonly line: number } {
  let rest = line;
  for (const part of shader.parts) {
    const count = part.text.split('\n').length;
    if (rest <= count) return { file: part.name, line: rest };
    rest -= count;
  }
  return { file: shader.label, line };
}

export function createShaderModule(device: GPUDevice, shader: ComposedShader): GPUShaderModule {
  return device.createShaderModule({ label: shader.label, code: shader.code });
}

/** @throws ShaderError with file and line of the first error */
export async function checkShaderModule(module: GPUShaderModule, shader: ComposedShader): Promise<void> {
  const info = await module.getCompilationInfo();
  const error = info.messages.find((message) => message.type === 'error');
  if (error === undefined) return;
  const place = locateLine(shader, error.lineNum);
  throw new ShaderError(shader.label, place.file, place.line, error.message);
}
