// What the palette offers for a text: places whose name has all of its words, and pasted ids.
import type {Room} from '../base/room.ts';
import type {SearchRecord} from '../base/search_record.ts';

export type Place = {readonly key: string; readonly text: string; readonly note: string} & (
  | {readonly kind: 'page'; readonly to: string; readonly search?: SearchRecord}
  | {readonly kind: 'project'; readonly project: string}
  | {readonly kind: 'theme'}
);

type Known = {readonly rooms: readonly Pick<Room, 'name' | 'title' | 'start' | 'places'>[]; readonly projects: readonly string[]};

export function placesFor(text: string, known: Known): readonly Place[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const named = allPlaces(known).filter(place => words.every(word => `${place.text} ${place.note}`.toLowerCase().includes(word)));
  return [...pasted(text.trim()), ...named];
}

function allPlaces(known: Known): readonly Place[] {
  const pages = known.rooms.flatMap(room => [
    ...(room.start === null ? [] : [{key: `room ${room.name}`, kind: 'page' as const, text: room.title, note: 'page', to: room.start}]),
    ...(room.places ?? []).map(place => ({key: `place ${place.to}`, kind: 'page' as const, text: place.title, note: room.title, to: place.to})),
  ]);
  const projects = known.projects.map(project => ({key: `project ${project}`, kind: 'project' as const, text: project, note: 'look at this project only', project}));
  return [...pages, ...projects, {key: 'theme', kind: 'theme', text: 'Change between light and dark', note: 'Alt T'}];
}

/** A trace or event id is 32 hexadecimal digits; with or without dashes. */
function pasted(text: string): readonly Place[] {
  const id = text.replaceAll('-', '').toLowerCase();
  if (/^[0-9a-f]{32}$/.test(id)) return [{key: `trace ${id}`, kind: 'page', text: `Open trace ${id.slice(0, 8)}…`, note: 'trace', to: `/traces/${id}`}];
  return [];
}
