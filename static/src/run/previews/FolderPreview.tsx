import "./folder-preview.css";

import { useState } from "react";

import { fileUrl } from "../api";
import { formatBytes, formatCount } from "../format";
import { Icon } from "../Icon";
import { Note } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import type { FolderFile, FolderPreview } from "../types";
import { type FolderNode, folderTree } from "./folderTree";

export function FolderPreviewBody({ preview, api, artifact, compact }: PreviewProps<FolderPreview>) {
  const files = (Array.isArray(preview.files) ? preview.files : []).filter(
    (file): file is FolderFile => typeof (file as Partial<FolderFile> | null)?.path === "string",
  );
  const total = preview.total ?? files.length;
  if (files.length === 0) return <Note icon="folder-open" title="The folder is empty" />;
  const shown = compact ? files.slice(0, 6) : files;
  return (
    <div className="folder-preview">
      <Branch node={folderTree(shown)} depth={0} url={(path) => fileUrl(api, artifact.id, path)} />
      <p className="folder-foot">
        {formatCount(total)} {total === 1 ? "file" : "files"}
        {total > shown.length && `, first ${formatCount(shown.length)} shown`}
      </p>
    </div>
  );
}

interface BranchProps {
  node: FolderNode;
  depth: number;
  url: (path: string) => string;
}

function Branch({ node, depth, url }: BranchProps) {
  return (
    <ul className="folder-branch">
      {node.folders.map((folder) => (
        <Folder
          key={folder.name}
          node={folder}
          depth={depth}
          url={url}
          openAtFirst={depth === 0 && node.folders.length <= 3 && folder.count <= 24}
        />
      ))}
      {node.files.map((file) => (
        <li key={file.path}>
          <a
            className="folder-row"
            href={url(file.path)}
            target="_blank"
            rel="noopener noreferrer"
            style={{ paddingInlineStart: 30 + depth * 16 }}
          >
            <Icon name="file" />
            <span className="folder-name">{file.name}</span>
            <span className="folder-size">{formatBytes(file.size)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Folder({ node, depth, url, openAtFirst }: BranchProps & { openAtFirst: boolean }) {
  const [open, setOpen] = useState(openAtFirst);
  return (
    <li>
      <button
        type="button"
        className="folder-row"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        style={{ paddingInlineStart: 10 + depth * 16 }}
      >
        <span className="folder-arrow">
          <Icon name="chevron-right" />
        </span>
        <Icon name={open ? "folder-open" : "folder"} />
        <span className="folder-name">{node.name}</span>
        <span className="folder-size">
          {formatCount(node.count)} · {formatBytes(node.size)}
        </span>
      </button>
      {open && <Branch node={node} depth={depth + 1} url={url} />}
    </li>
  );
}
