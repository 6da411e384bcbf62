// Iloilo City and its neighbours.

import type { Corridor } from './corridors'
import { CITY, HIGHWAY } from './kinds'

export const ILOILO: readonly Corridor[] = [
  {
    id: 'diversion-iloilo',
    region: 'ILO',
    name: 'Benigno Aquino Avenue',
    kmh: 50,
    lights: true,
    carries: CITY,
    way: [
      [10.6985, 122.5555, 'Infante'],
      [10.706, 122.5535, 'Esplanade'],
      [10.714, 122.551, 'SM City'],
      [10.7195, 122.548, 'Mandurriao'],
      [10.732, 122.5415, 'Tabucan'],
      [10.744, 122.5365, 'Ungka', 60],
      [10.76, 122.541, 'Balabago', 60],
      [10.7745, 122.5445, 'Pavia'],
    ],
  },
  {
    id: 'arevalo',
    region: 'ILO',
    name: 'Molo, Arevalo and Oton',
    kmh: 40,
    lights: true,
    carries: CITY,
    way: [
      [10.6985, 122.568, 'Iznart', 30],
      [10.6985, 122.5625, 'UP Visayas'],
      [10.697, 122.5445, 'Molo'],
      [10.692, 122.53, 'Villa'],
      [10.688, 122.5165, 'Arevalo', 50],
      [10.689, 122.495, 'Trapiche', 50],
      [10.693, 122.4735, 'Oton'],
    ],
  },
  {
    id: 'jaro',
    region: 'ILO',
    name: 'Lopez Jaena Street',
    kmh: 35,
    lights: true,
    carries: CITY,
    way: [
      [10.6965, 122.569, 'Iloilo Proper', 25],
      [10.7025, 122.569, 'Capitol'],
      [10.7065, 122.5685, 'Forbes Bridge'],
      [10.7125, 122.566, 'La Paz'],
      [10.7235, 122.5575, 'Jaro Cathedral'],
      [10.7365, 122.559, 'Benedicto'],
      [10.748, 122.56, 'Tagbak'],
    ],
  },
  {
    id: 'coastal',
    region: 'ILO',
    name: 'Coastal Road to Leganes',
    kmh: 60,
    lights: false,
    carries: HIGHWAY,
    way: [
      [10.7025, 122.581, 'Lapuz', 40],
      [10.7145, 122.5865, 'Loboc', 50],
      [10.729, 122.5925, 'Bitoon'],
      [10.75, 122.594, 'Balabag'],
      [10.7865, 122.589, 'Leganes'],
    ],
  },
  {
    id: 'iloilo-airport',
    region: 'ILO',
    name: 'Pavia to Iloilo Airport',
    kmh: 60,
    lights: false,
    carries: { taxi: 5, bus: 2, jeepney: 2, motorcycle: 2 },
    way: [
      [10.7745, 122.5445, 'Pavia', 40],
      [10.795, 122.542, 'Cabugao'],
      [10.8235, 122.5345, 'Santa Barbara', 40],
      [10.829, 122.5145, 'Duyan-Duyan'],
      [10.8325, 122.4935, 'Iloilo Airport'],
    ],
  },
]
