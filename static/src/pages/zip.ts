/** A zip without compression, made in the browser: how a chosen folder travels as one upload. */

export interface Entry {
  path: string;
  content: Uint8Array<ArrayBuffer>;
}

const UTF8_NAMES = 0x0800;

export function zip(entries: readonly Entry[]): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const { path, content } of entries) {
    const name = new TextEncoder().encode(path);
    const about = [20, UTF8_NAMES, 0, 0, 0x21] as const;
    const sum = crc32(content);
    const sizes = [sum, content.length, content.length] as const;
    const local = record(0x04034b50, [...about.map(u16), ...sizes.map(u32), u16(name.length), u16(0)], name);
    directory.push(
      record(
        0x02014b50,
        [
          u16(20),
          ...about.map(u16),
          ...sizes.map(u32),
          u16(name.length),
          ...[0, 0, 0, 0].map(u16),
          u32(0),
          u32(offset),
        ],
        name,
      ),
    );
    parts.push(local, content);
    offset += local.length + content.length;
  }
  const size = directory.reduce((total, part) => total + part.length, 0);
  const count = u16(entries.length);
  const end = record(0x06054b50, [u16(0), u16(0), count, count, u32(size), u32(offset), u16(0)]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

const u16 = (value: number) => [value & 255, (value >>> 8) & 255];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];

function record(signature: number, fields: number[][], name = new Uint8Array()): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...u32(signature), ...fields.flat(), ...name]);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(content: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of content) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 255]!;
  return (sum ^ 0xffffffff) >>> 0;
}
