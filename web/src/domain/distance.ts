// How far two places on Earth are apart. Pure. Not here: finding out where the phone is (field/location.ts).

/** In degrees, as WGS 84 has them. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** The mean radius of the Earth as the IUGG gives it. */
const EARTH_RADIUS_M = 6_371_008.8;

/** Along the great circle on a sphere (haversine), in whole metres, half rounded up; at most 0.6 % off the ellipsoid. */
export function distanceM(from: Place, to: Place): number {
  const [lat_from, lat_to] = [radians(from.latitude), radians(to.latitude)];
  const half_lat = (lat_to - lat_from) / 2;
  const half_lon = radians(to.longitude - from.longitude) / 2;
  const h = Math.sin(half_lat) ** 2 + Math.cos(lat_from) * Math.cos(lat_to) * Math.sin(half_lon) ** 2;
  return Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h))));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
