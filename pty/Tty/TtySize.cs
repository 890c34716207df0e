namespace Sessiond.Pty;

/// <summary>The winsize of the user's terminal, tty_ioctl(4).</summary>
/// <param name="Cols">Columns.</param>
/// <param name="Rows">Rows.</param>
/// <param name="XPixel">Width in pixels; 0 where the terminal does not say.</param>
/// <param name="YPixel">Height in pixels; 0 where the terminal does not say.</param>
public readonly record struct TtySize(int Cols, int Rows, int XPixel, int YPixel);
