"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.strip = exports.paint = void 0;
var styles_1 = __importDefault(require("./lib/styles"));
var colour_names_1 = __importDefault(require("colour-names"));
exports.names = colour_names_1.default;
function paint(name, text) {
    var style = styles_1.default[name];
    return "\u001b[".concat(style.open, "m").concat(text, "\u001b[").concat(style.close, "m");
}
exports.paint = paint;
function strip(text) {
    return text.replace(/\u001b\[\d+m/g, "");
}
exports.strip = strip;
