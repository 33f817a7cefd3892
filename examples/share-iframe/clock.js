/** A clock with three hands that fills the canvas. */
export function drawClock(context, time, isStill) {
  const { width, height } = context.canvas;
  const radius = Math.min(width, height) / 2;
  const seconds = time.getSeconds() + (isStill ? 0 : time.getMilliseconds() / 1000);
  const minutes = time.getMinutes() + seconds / 60;
  const hours = time.getHours() + minutes / 60;

  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.setTransform(radius, 0, 0, radius, width / 2, height / 2);
  context.fillStyle = '#1d4f91';
  context.beginPath();
  context.arc(0, 0, 0.96, 0, 2 * Math.PI);
  context.fill();
  for (let hour = 0; hour < 12; hour++) line(context, hour / 12, 0.78, 0.88, hour % 3 === 0 ? 0.06 : 0.03, '#dbe7f7');
  line(context, hours / 12, -0.1, 0.5, 0.08, '#fff');
  line(context, minutes / 60, -0.1, 0.74, 0.05, '#fff');
  line(context, seconds / 60, -0.18, 0.82, 0.02, '#ffb43d');
}

/** @param turn part of a full turn from the top, clockwise */
function line(context, turn, from, to, width, color) {
  const [x, y] = [Math.sin(turn * 2 * Math.PI), -Math.cos(turn * 2 * Math.PI)];
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(x * from, y * from);
  context.lineTo(x * to, y * to);
  context.stroke();
}
