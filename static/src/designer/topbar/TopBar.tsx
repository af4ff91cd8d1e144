import "./topbar.css";

import { Icon } from "../../lib/Icon.tsx";
import { plural } from "../../lib/format.ts";
import { layoutGraph } from "../actions/layout.ts";
import { app } from "../app.ts";
import { redo, undo } from "../actions/history.ts";
import { useCustomKeys } from "../commands/bindings.ts";
import { itemOf, keyNote, keyWords } from "../commands/registry.ts";
import { useDoc } from "../state/doc.ts";
import { useProblems } from "../state/problems.ts";
import type { MenuItem } from "../menu/menuStore.ts";
import { openMenu } from "../menu/menuStore.ts";
import { setUi, useUi } from "../state/ui.ts";
import { openYaml, toggleYaml } from "../yaml/open.ts";
import { PipelineName } from "./PipelineName.tsx";
import { People } from "./People.tsx";
import { RunControls } from "./RunControls.tsx";
import { RunPicker } from "./RunPicker.tsx";
import { SavedState } from "./SavedState.tsx";

/** The pipeline's name, how it stands, and what is done with the whole of it. */
export function TopBar() {
  const { boot } = app();
  return (
    <div className="designer-bar" role="toolbar" aria-label="Pipeline">
      <nav className="designer-bar__crumbs" aria-label="Breadcrumb">
        <a href={`${boot.pages}${boot.mode === "run" ? "runs/" : "pipelines/"}`}>
          {boot.mode === "run" ? "Runs" : "Pipelines"}
        </a>
        <Icon name="chevron-right" size={14} />
        <PipelineName />
        {boot.mode === "edit" && <PipelineMenu />}
      </nav>
      {boot.mode === "edit" && <SavedState />}
      <span className="spacer" />
      <People />
      {boot.mode === "edit" && <EditTools />}
      <ProblemsButton />
      {boot.mode === "edit" && <RunPicker />}
      <RunControls />
    </div>
  );
}

/** What is done with the pipeline as a whole. */
function PipelineMenu() {
  const loaded = useDoc((doc) => doc.loaded);
  const { user, pages, pipeline } = app().boot;
  return (
    <button
      type="button"
      className="btn-icon"
      disabled={!loaded}
      aria-label="Pipeline menu"
      aria-haspopup="menu"
      title="Pipeline menu"
      data-testid="pipeline-menu"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const items: MenuItem[] = [
          itemOf("pipeline.component", null, {
            note: "To use it as one step of other pipelines",
            disabled: !user.can_edit,
          }),
          { label: "Show as YAML", icon: "file-code", keys: keyWords("view.yaml"), do: openYaml },
          {
            label: "Make template…",
            icon: "layout-template",
            disabled: !user.can_edit,
            note: "To start other pipelines from",
            do: () => window.location.assign(`${pages}pipelines/${pipeline?.id ?? 0}/template/`),
          },
          itemOf("pipeline.export", null, { note: "For Kubeflow, Argo or Airflow" }),
          itemOf("history.open", null, { note: "Look back, name, restore, compare" }),
          itemOf("link.view", null, { note: "The place and the zoom that you see" }),
          itemOf("pipeline.settings"),
          itemOf("find.commands"),
        ];
        openMenu(items, { x: box.left, y: box.bottom + 4 }, "Pipeline");
      }}
    >
      <Icon name="ellipsis" size={16} />
    </button>
  );
}

function EditTools() {
  useCustomKeys();
  const canUndo = useDoc((doc) => doc.canUndo);
  const canRedo = useDoc((doc) => doc.canRedo);
  const editable = useDoc((doc) => doc.editable);
  const busy = useUi((ui) => ui.layingOut);
  const yaml = useUi((ui) => ui.yaml);
  return (
    <div className="designer-bar__tools" role="group" aria-label="Edit">
      <button
        type="button"
        className="btn-icon"
        disabled={!editable || canUndo === null}
        aria-label={canUndo ? `Undo: ${canUndo}` : "Undo"}
        title={canUndo ? `Undo: ${canUndo}${keyNote("edit.undo")}` : "Nothing to undo"}
        onClick={undo}
      >
        <Icon name="undo-2" />
      </button>
      <button
        type="button"
        className="btn-icon"
        disabled={!editable || canRedo === null}
        aria-label={canRedo ? `Redo: ${canRedo}` : "Redo"}
        title={canRedo ? `Redo: ${canRedo}${keyNote("edit.redo")}` : "Nothing to redo"}
        onClick={redo}
      >
        <Icon name="redo-2" />
      </button>
      <button
        type="button"
        className="btn-icon"
        disabled={!editable || busy}
        aria-label="Lay out"
        aria-busy={busy}
        title={`Lay out the whole graph${keyNote("arrange.layout")}`}
        onClick={() => void layoutGraph()}
      >
        <Icon name="layout-dashboard" />
      </button>
      <button
        type="button"
        className="btn-icon"
        aria-label="YAML"
        aria-pressed={yaml}
        title={(yaml ? "Hide the YAML" : "Show the YAML") + keyNote("view.yaml")}
        data-testid="yaml-button"
        onClick={toggleYaml}
      >
        <Icon name="file-code" />
      </button>
    </div>
  );
}

function ProblemsButton() {
  const errors = useProblems((state) => state.errors);
  const total = useProblems((state) => state.total);
  const loaded = useDoc((doc) => doc.loaded);
  const open = useUi((ui) => ui.drawer === "problems");
  if (app().boot.mode === "run" || !loaded) return null;
  return (
    <button
      type="button"
      className={`btn problems-button${errors > 0 ? " has-errors" : ""}`}
      aria-pressed={open}
      title={total === 0 ? "Ready to run" : "Show the problems"}
      data-testid="problems-button"
      onClick={() => setUi({ drawer: open ? null : "problems" })}
    >
      <Icon name={total === 0 ? "circle-check" : "triangle-alert"} size={14} />
      {total === 0 ? "No problems" : plural(total, "problem")}
    </button>
  );
}
