// Police, fire and coast guard stations of the four regions, as a table of our own, made by hand. As of 2026-11.
// Source: public knowledge of where these stations stand; nobody has surveyed them. Places are right to about 500 m: good
// enough to tell the near station from the far one, never for navigation. Numbers to call stand nowhere here: people call 911.

import type { ResponderKind } from '../../domain/incident'
import type { RegionId } from '../../domain/region'

export const STATIONS_AS_OF = '2026-11'

/** Kind, name, latitude, longitude. The name is also its id: names never change places. */
export type StationRow = readonly [kind: ResponderKind, name: string, lat: number, lng: number]

export const STATIONS: Readonly<Record<RegionId, readonly StationRow[]>> = {
  NCR: [
    ['police', 'Manila Police District Headquarters', 14.5822, 120.9849],
    ['police', 'Quezon City Police District, Camp Karingal', 14.6379, 121.0563],
    ['police', 'PNP Camp Crame', 14.6094, 121.0536],
    ['police', 'Makati City Police', 14.5687, 121.0298],
    ['police', 'Pasay City Police', 14.5474, 120.9984],
    ['police', 'Parañaque City Police', 14.4775, 121.0195],
    ['police', 'Taguig City Police', 14.5275, 121.0735],
    ['police', 'Pasig City Police', 14.5607, 121.0771],
    ['police', 'Mandaluyong City Police', 14.5779, 121.0341],
    ['police', 'San Juan City Police', 14.6037, 121.0292],
    ['police', 'Marikina City Police', 14.6333, 121.0985],
    ['police', 'Caloocan City Police', 14.6449, 120.9867],
    ['police', 'Valenzuela City Police', 14.6934, 120.9685],
    ['police', 'Malabon City Police', 14.6583, 120.9513],
    ['police', 'Navotas City Police', 14.657, 120.948],
    ['police', 'Las Piñas City Police', 14.4507, 120.9832],
    ['police', 'Muntinlupa City Police', 14.3862, 121.0464],
    ['fire', 'Manila Fire District', 14.6021, 120.9812],
    ['fire', 'Quezon City Fire District', 14.6462, 121.0512],
    ['fire', 'Makati City Fire Station', 14.5589, 121.0188],
    ['fire', 'Pasay City Fire Station', 14.5479, 120.9991],
    ['fire', 'Parañaque City Fire Station', 14.4781, 121.0201],
    ['fire', 'Taguig City Fire Station', 14.5269, 121.0741],
    ['fire', 'Pasig City Fire Station', 14.5604, 121.0766],
    ['fire', 'Mandaluyong City Fire Station', 14.5775, 121.0335],
    ['fire', 'Marikina City Fire Station', 14.6329, 121.0979],
    ['fire', 'Caloocan City Fire Station', 14.6452, 120.9889],
    ['fire', 'Valenzuela City Fire Station', 14.6931, 120.9679],
    ['fire', 'Las Piñas City Fire Station', 14.4504, 120.9829],
    ['fire', 'Muntinlupa City Fire Station', 14.3859, 121.0459],
    ['coast_guard', 'Coast Guard Headquarters, Port Area', 14.5873, 120.9646],
  ],
  CEB: [
    ['police', 'Cebu City Police Office, Camp Sotero Cabahug', 10.3074, 123.9011],
    ['police', 'PRO 7, Camp Sergio Osmeña', 10.3095, 123.8925],
    ['police', 'Mandaue City Police', 10.3238, 123.9424],
    ['police', 'Lapu-Lapu City Police', 10.3117, 123.9497],
    ['police', 'Talisay City Police', 10.2452, 123.8493],
    ['police', 'Consolacion Police', 10.3768, 123.9577],
    ['police', 'Minglanilla Police', 10.2452, 123.7963],
    ['fire', 'Cebu City Fire Office', 10.2969, 123.8966],
    ['fire', 'Mandaue City Fire Station', 10.3242, 123.9416],
    ['fire', 'Lapu-Lapu City Fire Station', 10.3113, 123.9491],
    ['fire', 'Talisay City Fire Station', 10.2448, 123.8487],
    ['coast_guard', 'Coast Guard District Central Visayas', 10.2961, 123.9098],
  ],
  DVO: [
    ['police', 'Davao City Police Office, Camp Domingo Leonor', 7.0667, 125.6043],
    ['police', 'San Pedro Police Station', 7.0647, 125.6083],
    ['police', 'Talomo Police Station', 7.0512, 125.5702],
    ['police', 'Buhangin Police Station', 7.1089, 125.6139],
    ['police', 'Sasa Police Station', 7.1232, 125.6581],
    ['police', 'Toril Police Station', 7.0189, 125.4967],
    ['police', 'Panabo City Police', 7.3082, 125.6843],
    ['police', 'Tagum City Police', 7.4473, 125.8092],
    ['police', 'Digos City Police', 6.7503, 125.3573],
    ['fire', 'Davao City Central Fire Station', 7.0672, 125.6089],
    ['fire', 'Talomo Fire Station', 7.0509, 125.5709],
    ['fire', 'Toril Fire Station', 7.0185, 125.4973],
    ['fire', 'Tagum City Fire Station', 7.4469, 125.8087],
    ['agency', 'Davao Central 911', 7.0811, 125.6139],
    ['coast_guard', 'Coast Guard District Southeastern Mindanao, Sasa', 7.1219, 125.6617],
  ],
  ILO: [
    ['police', 'Iloilo City Police Office', 10.6978, 122.5689],
    ['police', 'PRO 6, Camp Delgado', 10.6986, 122.5655],
    ['police', 'Jaro Police Station', 10.7241, 122.5571],
    ['police', 'Molo Police Station', 10.6969, 122.5447],
    ['police', 'Mandurriao Police Station', 10.7173, 122.5378],
    ['police', 'Pavia Police', 10.7742, 122.5423],
    ['police', 'Oton Police', 10.6932, 122.4783],
    ['fire', 'Iloilo City Fire Station', 10.6961, 122.5661],
    ['fire', 'Jaro Fire Station', 10.7238, 122.5577],
    ['fire', 'Pavia Fire Station', 10.7738, 122.5427],
    ['coast_guard', 'Coast Guard District Western Visayas', 10.6921, 122.5802],
  ],
}
