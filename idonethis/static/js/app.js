// Every page works without this file; it only makes pages quicker to use.
import "./composer.js";
import "./hotkeys.js";
import "./live.js";
import "./toasts.js";
import "./widgets.js";
