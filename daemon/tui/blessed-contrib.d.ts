declare module "blessed-contrib/lib/widget/canvas.js" {
	import type { Widgets } from "blessed";

	/** The drawing context: the part of an HTML canvas that it implements and we use. */
	export interface CanvasContext {
		strokeStyle: string | number;
		beginPath(): void;
		moveTo(x: number, y: number): void;
		lineTo(x: number, y: number): void;
		stroke(): void;
		clearRect(x: number, y: number, width: number, height: number): void;
	}

	/** A box that draws in braille dots: two to a column, four to a row. */
	export interface CanvasElement extends Widgets.BoxElement {
		ctx: CanvasContext;
		/** In dots; a multiple of two and of four. */
		canvasSize: { width: number; height: number };
		/** Called as it is appended, before `ctx` is made. */
		calcSize(): void;
	}

	export default function canvas(options: Widgets.BoxOptions): CanvasElement;
}
