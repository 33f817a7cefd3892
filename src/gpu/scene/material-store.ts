import type { MaterialId, MaterialSnapshot, TextureId } from '../../share/protocol/scene.ts';
import type { TexturePlace } from '../layout/material-record.ts';
import {
  AlphaKind,
  INPUT_TARGETS,
  MATERIAL_FLAGS_WORD,
  MATERIAL_TEXTURE_WORDS,
  MATERIAL_WORDS,
  MaterialFlag,
  coverageOf,
  materialRow,
  texturesOf,
  writeDefaultMaterialInto,
  writeMaterialInto,
  writeMaterialTexturesInto,
} from '../layout/material-record.ts';
import { RangeAllocator } from '../resources/range-allocator.ts';
import { TableBuffer } from '../resources/table-buffer.ts';
import { newVersion } from '../resources/version.ts';

interface StoredMaterial {
  readonly snapshot: MaterialSnapshot;
  /** Rows reserved in the texture table, enough for all inputs that have a texture. */
  readonly firstTexture: number;
  readonly reserved: number;
}

/** What materials ask of the texture pool. */
export interface TexturePlaces {
  placeOf(id: TextureId): TexturePlace | undefined;
  leastAlphaOf(id: TextureId): number | undefined;
}

const MAX_TEXTURE_RECORDS = 1 << 24;

/** Material table and texture records. A material is written anew when it or the place of one of its textures changes. */
export class MaterialStore {
  readonly table = new TableBuffer('materials', MATERIAL_WORDS, 16);
  readonly textureTable = new TableBuffer('material textures', MATERIAL_TEXTURE_WORDS, 16);
  /** Raised when a material's way of covering changes. */
  version = newVersion();
  #materials = new Map<MaterialId, StoredMaterial>();
  #readers = new Map<TextureId, Set<MaterialId>>();
  #rows = new RangeAllocator(MAX_TEXTURE_RECORDS);
  #initialisedRows = 0;
  #coatedCount = 0;
  #partlySolid = new Set<MaterialId>();
  #textures: TexturePlaces;

  constructor(textures: TexturePlaces) {
    this.#textures = textures;
    this.#rows.addBlock();
    this.ensureRows(1);
  }

  /** Materials with a clear coat: decides which shader variant is needed. */
  get coatedCount(): number {
    return this.#coatedCount;
  }

  /** Some blended material may be solid in places: its picture says where. */
  get hasPartlySolid(): boolean {
    return this.#partlySolid.size > 0;
  }

  get materialCount(): number {
    return this.#materials.size;
  }

  /** Every row below `rows` can be read: the default material where none was sent. */
  ensureRows(rows: number): void {
    if (rows <= this.#initialisedRows) return;
    this.table.ensureRows(rows);
    for (let row = this.#initialisedRows; row < rows; row++)
      writeDefaultMaterialInto(this.table.words, this.table.floats, row * MATERIAL_WORDS);
    this.table.markRows(this.#initialisedRows, rows - this.#initialisedRows);
    this.#initialisedRows = rows;
  }

  /** Alpha kind of clusters with this material. */
  alphaKind(row: number, isTranslucent: boolean): number {
    const flags = row < this.#initialisedRows ? this.table.words[row * MATERIAL_WORDS + MATERIAL_FLAGS_WORD]! : 0;
    const kind = flags & 3;
    return kind === AlphaKind.opaque && isTranslucent && (flags & MaterialFlag.vertexOpacity) !== 0 ? AlphaKind.blend : kind;
  }

  set(snapshot: MaterialSnapshot): void {
    const before = this.#materials.get(snapshot.id);
    if (before !== undefined) this.#release(before);
    const reserved = INPUT_TARGETS.filter((name) => snapshot[name].texture !== undefined).length;
    const firstTexture = reserved === 0 ? 0 : (this.#rows.allocate(reserved) ?? 0);
    this.textureTable.ensureRows(firstTexture + reserved);
    const stored = { snapshot, firstTexture, reserved };
    this.#materials.set(snapshot.id, stored);
    this.#count(snapshot, 1);
    for (const texture of texturesOf(snapshot)) {
      let readers = this.#readers.get(texture);
      if (readers === undefined) this.#readers.set(texture, (readers = new Set()));
      readers.add(snapshot.id);
    }
    this.ensureRows(materialRow(snapshot.id) + 1);
    this.#write(stored);
    this.version = newVersion();
  }

  remove(id: MaterialId): void {
    const stored = this.#materials.get(id);
    if (stored === undefined) return;
    this.#release(stored);
    this.#materials.delete(id);
    const row = materialRow(id);
    writeDefaultMaterialInto(this.table.words, this.table.floats, row * MATERIAL_WORDS);
    this.table.markRows(row, 1);
    this.version = newVersion();
  }

  clear(): void {
    for (const id of this.#materials.keys()) this.remove(id);
  }

  /** Call after the place of a texture changed. */
  textureChanged(texture: TextureId): void {
    for (const id of this.#readers.get(texture) ?? []) this.#write(this.#materials.get(id)!);
  }

  #write(stored: StoredMaterial): void {
    const { snapshot, firstTexture } = stored;
    const count = writeMaterialTexturesInto(
      this.textureTable.words,
      this.textureTable.floats,
      firstTexture * MATERIAL_TEXTURE_WORDS,
      snapshot,
      (id) => this.#textures.placeOf(id),
    );
    this.textureTable.markRows(firstTexture, count);
    const row = materialRow(snapshot.id);
    const word = row * MATERIAL_WORDS;
    const before = this.table.words[word + MATERIAL_FLAGS_WORD]! & 3;
    const coverage = coverageOf(snapshot, (id) => this.#textures.leastAlphaOf(id));
    writeMaterialInto(this.table.words, this.table.floats, word, snapshot, coverage, firstTexture, count);
    this.table.markRows(row, 1);
    if (coverage.kind === AlphaKind.blend && snapshot.opacity.texture !== undefined) this.#partlySolid.add(snapshot.id);
    else this.#partlySolid.delete(snapshot.id);
    if (before !== coverage.kind) this.version = newVersion();
  }

  #count(material: MaterialSnapshot, by: number): void {
    if (material.clearcoat.texture !== undefined || (material.clearcoat.value[0] ?? 0) > 0) this.#coatedCount += by;
  }

  #release(stored: StoredMaterial): void {
    this.#count(stored.snapshot, -1);
    this.#partlySolid.delete(stored.snapshot.id);
    if (stored.reserved > 0) this.#rows.free(stored.firstTexture, stored.reserved);
    for (const texture of texturesOf(stored.snapshot)) this.#readers.get(texture)?.delete(stored.snapshot.id);
  }
}
