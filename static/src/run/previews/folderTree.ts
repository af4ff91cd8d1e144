import type { FolderFile } from "../types";

export interface FolderNode {
  name: string;
  /** Files in it and below it, and their size. */
  count: number;
  size: number;
  folders: FolderNode[];
  files: (FolderFile & { name: string })[];
}

const newFolder = (name: string): FolderNode => ({ name, count: 0, size: 0, folders: [], files: [] });

/** Paths as a tree, folders before files, each in the order of people (`img2` before `img10`). */
export function folderTree(files: FolderFile[]): FolderNode {
  const root = newFolder("");
  const known = new Map<string, FolderNode>([["", root]]);
  for (const file of files) {
    const parts = file.path.split("/").filter((part) => part !== "");
    const name = parts.pop() ?? file.path;
    const size = Number.isFinite(file.size) ? file.size : 0;
    let folder = root;
    let path = "";
    folder.count += 1;
    folder.size += size;
    for (const part of parts) {
      path += `/${part}`;
      let child = known.get(path);
      if (!child) {
        child = newFolder(part);
        known.set(path, child);
        folder.folders.push(child);
      }
      folder = child;
      folder.count += 1;
      folder.size += size;
    }
    folder.files.push({ ...file, size, name });
  }
  const order = new Intl.Collator(undefined, { numeric: true });
  for (const folder of known.values()) {
    folder.folders.sort((a, b) => order.compare(a.name, b.name));
    folder.files.sort((a, b) => order.compare(a.name, b.name));
  }
  return root;
}
