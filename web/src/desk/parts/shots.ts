// A photo to be shown: where its renditions are and what is seen on it.

export interface Shot {
  /** 320 px on the longer side. */
  thumb: string;
  /** 1280 px on the longer side. */
  large: string;
  /** The untouched evidence; only for those who may see it. */
  original?: string;
  caption: string;
}
