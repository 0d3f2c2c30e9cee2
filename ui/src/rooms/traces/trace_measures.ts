// Measures that the canvas, the axis and the minimap of a trace share.

export const PAD_LEFT = 8;
export const PAD_RIGHT = 16;
export const INDENT = 14;
