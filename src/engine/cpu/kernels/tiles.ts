/** Elements of one tile of every elementwise kernel (assembly/). */
export const ELEMENTS = 16384;
