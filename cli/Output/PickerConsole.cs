using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sessiond.Cli.Output;

/// <summary>A console whose keys come from <see cref="PickerKeys"/>.</summary>
internal sealed class PickerConsole(IAnsiConsole output, PickerKeys keys) : IAnsiConsole
{
    public Profile Profile => output.Profile;

    public IAnsiConsoleCursor Cursor => output.Cursor;

    public IAnsiConsoleInput Input => keys;

    public IExclusivityMode ExclusivityMode => output.ExclusivityMode;

    public RenderPipeline Pipeline => output.Pipeline;

    public void Clear(bool home) => output.Clear(home);

    public void Write(IRenderable renderable) => output.Write(renderable);
}
