// What the build writes in.

/** The version of the app, sent with every audit. */
declare const __APP_VERSION__: string;
