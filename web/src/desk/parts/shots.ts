// A photo to be shown: where its renditions are and what is seen on it.

export interface Shot {
  /** 320 px on the longer side. */
  thumb: string;
  /** 1280 px on the longer side. */
  large: string;
  /** The untouched evidence; only for those who may see it. */
  original?: string;
  caption: string;
  /** Why there is nothing to see, for a photo that is kept and cannot be shown. */
  notShown?: string;
  /** Opens what can be done with it, for those who may. */
  act?: { text: string; run: () => void };
}
