// Asks the phone where it is, and says how far that is from a place. The place itself leaves this module as nothing but
// that distance: no track of a shopper is kept.

import { distanceM, type Place } from '../domain/distance';
import { DISTANCE_M_MAX } from '../domain/given';

export type LocationProblem = 'denied' | 'unavailable' | 'timeout';

export interface Distance {
  value_m: number;
  /** The phone is within so much of where it says it is, in 95 of 100 cases. */
  accuracy_m: number;
}

const TIMEOUT_MS = 30_000;

/** Rejects with a LocationProblem. `geolocation` is the phone's; there is none on a page that is not safe. */
export function measure(to: Place, geolocation: Geolocation | undefined): Promise<Distance> {
  return new Promise((done, fail) => {
    const refuse = (problem: LocationProblem) => fail(problem);
    if (!geolocation) return refuse('unavailable');
    geolocation.getCurrentPosition(
      ({ coords }) =>
        done({
          value_m: distanceM(coords, to),
          // Never surer than the phone is.
          accuracy_m: Math.min(DISTANCE_M_MAX, Math.ceil(coords.accuracy)),
        }),
      (error) =>
        refuse(
          error.code === error.PERMISSION_DENIED
            ? 'denied'
            : error.code === error.TIMEOUT
              ? 'timeout'
              : 'unavailable',
        ),
      { enableHighAccuracy: true, timeout: TIMEOUT_MS, maximumAge: 0 },
    );
  });
}

/** A location's place, where the agency has noted one. */
export function placeOf(location: {
  latitude_e7?: number | null;
  longitude_e7?: number | null;
}): Place | undefined {
  const { latitude_e7, longitude_e7 } = location;
  if (latitude_e7 == null || longitude_e7 == null) return undefined;
  return { latitude: latitude_e7 / 1e7, longitude: longitude_e7 / 1e7 };
}
