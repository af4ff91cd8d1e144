import "../styles/tokens.css";
import "../styles/pages.css";

import { startConfirm } from "./confirm";
import { startCopy } from "./copy";
import { startHtmx } from "./htmx";
import { startMenus } from "./menus";
import { startRunsFeed } from "./runs";
import { startShortcuts } from "./shortcuts";
import { startSnackbar } from "./snackbar";
import { startTheme } from "./theme";
import { startTimes } from "./times";
import { startUploads } from "./upload";

startHtmx();
startTheme();
startMenus();
startSnackbar();
startTimes();
startCopy();
startConfirm();
startShortcuts();
startUploads();
startRunsFeed();
