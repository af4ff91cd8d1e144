// In the page that is measured: one object `bench`, whichever editor it is. `graph` is {count, place: [x, y]}.
window.benchFor = (editor, graph) => {
  const portline = {
    ready: () => {
      const probe = window.portlineProbe;
      if (!probe || !probe.screen(0, 0)) return false;
      const overview = document.querySelector(".canvas-overview");
      return overview ? overview.width > 0 : document.querySelectorAll(".react-flow__node").length > 0;
    },
    mounted: () => document.querySelectorAll(".react-flow__node").length,
    selected: () => portlineProbe.selected(),
    area: () => document.querySelector(".react-flow").getBoundingClientRect(),
    zoom: () => portlineProbe.zoom(),
    look: (zoom, x, y) => portlineProbe.look(zoom, x, y),
    screen: (x, y) => portlineProbe.screen(x, y),
    free: (x, y) => {
      const at = document.elementFromPoint(x, y);
      return !!at && (at.classList.contains("react-flow__pane") || at.classList.contains("canvas-overview"));
    },
    position: (number) => portlineProbe.position(`n${number}`),
  };
  const chart = () => document.getElementById("red-ui-workspace-chart");
  const nodered = {
    ready: () => {
      if (!window.RED?.nodes || !RED.view?.scale) return false;
      if (document.querySelectorAll(".red-ui-flow-node-group").length < graph.count) return false;
      const [x, y] = nodered.screen(graph.place[0] + 90, graph.place[1] + 18);
      return !!document.elementFromPoint(x, y)?.closest(".red-ui-flow-node");
    },
    mounted: () => document.querySelectorAll(".red-ui-flow-node-group").length,
    selected: () => RED.view.selection().nodes?.length || 0,
    area: () => chart().getBoundingClientRect(),
    zoom: () => RED.view.scale(),
    look: (zoom, x, y) => {
      for (let tries = 0; tries < 30 && Math.abs(RED.view.scale() - zoom) > 0.051; tries++)
        RED.actions.invoke(RED.view.scale() > zoom ? "core:zoom-out" : "core:zoom-in");
      const scale = RED.view.scale();
      chart().scrollLeft = x * scale - chart().clientWidth / 2;
      chart().scrollTop = y * scale - chart().clientHeight / 2;
    },
    screen: (x, y) => {
      const box = chart().getBoundingClientRect();
      const scale = RED.view.scale();
      return [box.left + x * scale - chart().scrollLeft, box.top + y * scale - chart().scrollTop];
    },
    free: (x, y) => {
      const at = document.elementFromPoint(x, y);
      return (
        !!at?.closest("#red-ui-workspace-chart") &&
        !at.closest(".red-ui-flow-node,.red-ui-flow-link,.red-ui-flow-port")
      );
    },
    position: (number) => {
      const { x, y } = RED.nodes.node(`n${number}`);
      return [x, y];
    },
  };
  const frames = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  window.bench = {
    ...(editor === "nodered" ? nodered : portline),
    // Milliseconds since the page was asked for, once `what` holds; null where that never comes.
    until: (what, most) =>
      new Promise((tell) => {
        const since = performance.now();
        const look = () => {
          let holds = false;
          try {
            holds = bench[what]();
          } catch {
            // It is not there yet.
          }
          if (holds) frames(() => tell(performance.now()));
          else if (performance.now() - since > most) tell(null);
          else requestAnimationFrame(look);
        };
        look();
      }),
    settle: () => new Promise((tell) => frames(() => tell(null))),
    record: () => {
      const times = [];
      let on = true;
      const note = (time) => {
        times.push(time);
        if (on) requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
      bench.stop = () => {
        on = false;
        return times.slice(1).map((time, index) => time - times[index]);
      };
    },
    // A place near one that is empty canvas.
    emptyNear: (x, y, reach) => {
      for (let away = 0; away <= reach; away += 3)
        for (let turn = 0; turn < 12; turn++) {
          const at = [Math.round(x + away * Math.cos(turn * 0.52)), Math.round(y + away * Math.sin(turn * 0.52))];
          if (bench.free(...at)) return at;
        }
      return null;
    },
  };
};
