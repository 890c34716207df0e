using System.Globalization;
using System.Text;
using Sessiond.Spec.Decoding;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Import;

/// <summary>Reads the files that <c>[import]</c> asks for. They are weaker than every layer: what the spec says itself, counts.</summary>
/// <param name="reading">Where errors go.</param>
/// <param name="opened">Is told each file that is opened.</param>
/// <param name="isRoot">The reader may open what the workspace's people may not: their links and paths must then stay in the workspace.</param>
internal sealed class Imports(Reading reading, Action<string> opened, bool isRoot)
{
    private static readonly SpecType<ValueList<string>> Ports = SpecTypes.ListOf(new SpecType<string>(
        "port | HOST:PORT",
        (value, reading) =>
        {
            if (value is TomlInteger { Value: > 0 and <= ushort.MaxValue } port) return port.Value.ToString(CultureInfo.InvariantCulture);
            if (value is TomlString) return NameTypes.Endpoint.Read(value, reading);
            return reading.FailType(value, "a port or \"HOST:PORT\"");
        },
        _ => { }));

    private readonly HashSet<TomlTable> _named = []; // of files that the image or the platform names

    /// <summary>What a devcontainer.json forwards.</summary>
    public ValueList<string> ForwardPorts { get; private set; } = [];

    /// <summary>Where that stands, for who asks what each file contributes; null: nowhere.</summary>
    public SpecError? ForwardPortsPlace { get; private set; }

    /// <summary>Layers, weakest first: devcontainer.json, app.yaml, dotenv files in their order.</summary>
    /// <param name="spec">The spec so far.</param>
    /// <param name="workspace">The workspace's folder.</param>
    /// <param name="expansion">For the paths of dotenv files.</param>
    /// <param name="byWorkspace">Whether a layer of the workspace names the dotenv files.</param>
    public List<TomlTable> Read(DevboxSpec spec, string workspace, Expansion expansion, bool byWorkspace)
    {
        var layers = new List<TomlTable>();
        if (spec.Import.Devcontainer)
        {
            string? file = DevcontainerImport.Places.Select(place => Path.Combine(workspace, place)).FirstOrDefault(File.Exists);
            if (file is not null && ReadFile(file, workspace) is { } bytes)
            {
                Add(layers, DevcontainerImport.Read(bytes, file, Fail, out TomlArray? ports));
                if (ports is not null && Ports.Read(ports, reading).TryGet(out ValueList<string>? read))
                {
                    ForwardPorts = read;
                    ForwardPortsPlace = new SpecError(ports.Position, $"forwardPorts = [{string.Join(", ", read)}]");
                }
            }
        }

        string appYaml = Path.GetFullPath(Path.Combine(expansion.Expand(spec.AppDir), AppYamlImport.FileName), workspace);
        if (spec.Import.AppYaml && File.Exists(appYaml) && ReadText(appYaml, workspace) is { } yaml) Add(layers, AppYamlImport.Read(yaml, appYaml, Fail));

        foreach (string given in spec.Import.EnvFiles)
        {
            string file = Path.GetFullPath(expansion.Expand(given), workspace);
            if (!File.Exists(file)) reading.Warn(new SourcePosition(file, 1, 1), "no such file; import.env_files names it");
            else if (ReadText(file, workspace, mayLeave: !byWorkspace) is { } text)
            {
                layers.Add(DotenvImport.Read(text, file, Fail));
                if (!byWorkspace) _named.Add(layers[^1]);
            }
        }

        return layers;
    }

    /// <summary>Whether whoever can write into the workspace can write what an import says.</summary>
    /// <param name="layer">One that was read.</param>
    /// <param name="folders">What counts as the workspace.</param>
    public bool IsOfWorkspace(TomlTable layer, IEnumerable<string> folders) =>
        !_named.Contains(layer) || folders.Any(folder => RealPath.IsBelow(layer.Position.File, folder));

    private static void Add(List<TomlTable> layers, TomlTable? layer)
    {
        if (layer is not null) layers.Add(layer);
    }

    private void Fail(SourcePosition position, string message) => reading.Fail(position, message);

    private string? ReadText(string file, string workspace, bool mayLeave = false) =>
        ReadFile(file, workspace, mayLeave) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF') : null;

    // mayLeave: a path that leaves the workspace by its name is meant so, because the image or the platform wrote it.
    private byte[]? ReadFile(string file, string workspace, bool mayLeave = false)
    {
        bool named = mayLeave && !RealPath.IsBelowByName(file, workspace);
        if (isRoot && !named && !RealPath.IsBelow(file, workspace))
        {
            reading.Fail(new SourcePosition(file, 1, 1), "leads out of the workspace and is not read");
            return null;
        }

        opened(file);
        return SpecFile.Read(file, Fail);
    }
}
