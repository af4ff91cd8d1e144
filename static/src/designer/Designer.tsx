import "./designer.css";

import { Suspense, lazy, useEffect } from "react";

import { Canvas } from "./canvas/Canvas.tsx";
import { ConfirmDialog } from "./dialogs/ConfirmDialog.tsx";
import { KeysDialog } from "./dialogs/KeysDialog.tsx";
import { RunDialog } from "./dialogs/RunDialog.tsx";
import { PortCard } from "./data/PortCard.tsx";
import { Drawer } from "./drawer/Drawer.tsx";
import { PastBar } from "./history/PastBar.tsx";
import { Inspector } from "./inspector/Inspector.tsx";
import { listen } from "./keyboard/listen.ts";
import { Menu } from "./menu/Menu.tsx";
import { Palette } from "./palette/Palette.tsx";
import { EdgeTab } from "./panels/EdgeTab.tsx";
import { LiveRegion } from "./panels/LiveRegion.tsx";
import { app } from "./app.ts";
import { CommandPalette } from "./commands/CommandPalette.tsx";
import { Chooser } from "./picklist/Chooser.tsx";
import { ConnectList } from "./quickadd/ConnectList.tsx";
import { QuickAdd } from "./quickadd/QuickAdd.tsx";
import { RunAfterList } from "./quickadd/RunAfterList.tsx";
import { useDoc } from "./state/doc.ts";
import { setUi, useUi } from "./state/ui.ts";
import { ReplayBar } from "./topbar/ReplayBar.tsx";
import { TopBar } from "./topbar/TopBar.tsx";
import { Icon } from "../lib/Icon.tsx";

const ComponentDialog = lazy(() => import("./dialogs/ComponentDialog.tsx"));
const CollapseDialog = lazy(() => import("./dialogs/CollapseDialog.tsx"));
const ExportDialog = lazy(() => import("./dialogs/ExportDialog.tsx"));
const VersionDialog = lazy(() => import("./history/VersionDialog.tsx"));
const YamlPanel = lazy(() => import("./yaml/YamlPanel.tsx"));

export function Designer() {
  const palette = useUi((ui) => ui.palette);
  const inspector = useUi((ui) => ui.inspector);
  const yaml = useUi((ui) => ui.yaml);
  const dialog = useUi((ui) => ui.dialog);
  const loaded = useDoc((doc) => doc.loaded);
  const error = useDoc((doc) => doc.error);
  const edits = app().boot.mode === "edit";
  useEffect(listen, []);
  return (
    <div className="designer">
      <TopBar />
      <div className="designer__main">
        {edits &&
          (palette ? (
            <Palette />
          ) : (
            <EdgeTab
              side="left"
              label="Show components"
              icon="panel-left"
              onOpen={() => setUi({ palette: true })}
            />
          ))}
        <div className="designer__centre">
          <PastBar />
          <ReplayBar />
          {error !== null ? <Failure message={error} /> : loaded ? <Canvas /> : <Skeleton />}
          <Drawer />
        </div>
        {yaml && edits && loaded && (
          <Suspense>
            <YamlPanel />
          </Suspense>
        )}
        {inspector ? (
          <Inspector />
        ) : (
          <EdgeTab
            side="right"
            label="Show inspector"
            icon="panel-right"
            onOpen={() => setUi({ inspector: true })}
          />
        )}
      </div>
      <PortCard />
      <QuickAdd />
      <ConnectList />
      <RunAfterList />
      <Chooser />
      <CommandPalette />
      <Menu />
      {dialog === "keys" && <KeysDialog />}
      {dialog === "run" && <RunDialog />}
      {dialog === "confirm" && <ConfirmDialog />}
      {dialog === "collapse" && (
        <Suspense fallback={null}>
          <CollapseDialog />
        </Suspense>
      )}
      {dialog === "component" && (
        <Suspense>
          <ComponentDialog />
        </Suspense>
      )}
      {dialog === "version" && (
        <Suspense>
          <VersionDialog />
        </Suspense>
      )}
      {dialog === "export" && (
        <Suspense>
          <ExportDialog />
        </Suspense>
      )}
      <LiveRegion />
    </div>
  );
}

function Skeleton() {
  return (
    <div className="canvas canvas--skeleton" aria-busy="true" aria-label="Opening the pipeline">
      <span />
      <span />
      <span />
    </div>
  );
}

function Failure({ message }: { message: string }) {
  return (
    <div className="canvas designer__failure" role="alert">
      <Icon name="octagon-x" size={28} />
      <h2>The pipeline could not be opened</h2>
      <p>{message}</p>
      <button type="button" className="btn" onClick={() => location.reload()}>
        <Icon name="refresh-cw" size={14} />
        Try again
      </button>
    </div>
  );
}
