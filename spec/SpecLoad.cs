using Sessiond.Spec.Decoding;
using Sessiond.Spec.Import;
using Sessiond.Spec.Keys;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec;

/// <summary>One load: layers come in, a result goes out.</summary>
internal sealed class SpecLoad
{
    private readonly SpecLoaderOptions _options;
    private readonly Reading _reading = new();
    private readonly LayerMerge _merge;
    private readonly LayerKeys _keys = new();
    private readonly List<string> _files = [];
    private readonly HashSet<string> _workspaceFiles = new(StringComparer.Ordinal);

    public SpecLoad(SpecLoaderOptions options)
    {
        _options = options;
        _merge = new LayerMerge(_reading);
    }

    /// <summary>Adds a file, stronger than those before.</summary>
    /// <param name="path">The file; its name in messages.</param>
    /// <param name="image">For a layer of the workspace: what the image's own layers say; else null.</param>
    public void AddFile(string path, DevboxSpec? image = null)
    {
        _files.Add(path);
        byte[]? bytes = SpecFile.Read(path, (position, message) => _reading.Fail(position, message));
        if (bytes is not null) AddText(bytes, path, image);
    }

    /// <summary>Adds a text, stronger than what came before.</summary>
    public void AddText(ReadOnlySpan<byte> utf8, string file, DevboxSpec? image = null)
    {
        TomlDocument document = TomlReader.Read(utf8, file);
        _reading.Add(document.Errors);
        if (!IsOurSchema(document, file)) return;
        if (image is not null)
        {
            _workspaceFiles.Add(file);
            new WorkspaceLayer(_merge.Root, image, _options.User, _reading).Restrict(document.Root);
        }

        _keys.Add(document.Root);
        _merge.Add(document.Root, isOfWorkspace: image is not null);
    }

    /// <summary>What the layers so far say, without looking for errors: the next layers' places depend on it.</summary>
    public DevboxSpec Peek() => Decode(_merge.Root, new Reading()).Spec;

    /// <summary>The result.</summary>
    public SpecResult Finish()
    {
        ValueList<string> forwardPorts = AddImports(out SpecError? ofPorts);
        IReadOnlyList<SpecContribution> contributions = _keys.Compare(_merge.Root);
        if (ofPorts is not null) contributions = [.. contributions, new SpecContribution(ofPorts, null, IsAdded: true)];
        DevboxSpec image = PeekImage();
        HashSet<string> users = WorkspaceLayer.UsersOf(image, _options.User);
        _merge.ProtectNamed(user => !users.Contains(user));
        SpecDraft draft = Decode(_merge.Root, _reading);
        DevboxSpec spec = new SpecAssembly(_reading, _options, _merge.Root).Assemble(draft) with { ForwardPorts = forwardPorts };
        spec = spec with { Secrets = [.. spec.Secrets.Select(secret => secret with { IsOfWorkspace = !image.Secrets.Any(secret.IsHandedOutAs) })] };
        return new SpecResult
        {
            Spec = spec,
            Image = image,
            Errors = Sorted(_reading.Errors),
            Warnings = Sorted(_reading.Warnings),
            BrokenSessions = _reading.BrokenSessions,
            BrokenHooks = _reading.BrokenHooks,
            Files = _files,
            Contributions = contributions,
        };
    }

    /// <summary>The workspace's folder, as the layers so far say.</summary>
    public string Workspace(DevboxSpec spec) => Path.GetFullPath(ExpansionIn(_options.WorkingFolder).Expand(spec.Workspace ?? "."), _options.WorkingFolder);

    private static Expansion ExpansionIn(string workspace) => new(workspace, port: null, Environment.GetEnvironmentVariable);

    private ValueList<string> AddImports(out SpecError? ofPorts)
    {
        ofPorts = null;
        if (!_merge.Root.TryGet("import", out TomlTable? import)) return [];
        DevboxSpec spec = Peek();
        string workspace = Workspace(spec);
        var imports = new Imports(_reading, _files.Add, _options.IsRoot);
        List<TomlTable> layers = imports.Read(spec, workspace, ExpansionIn(workspace), _workspaceFiles.Contains(import.PositionOf("env_files").File));
        foreach (TomlTable layer in layers) _keys.Add(layer);
        string[] folders = [workspace, Workspace(PeekImage())];
        foreach (TomlTable layer in Enumerable.Reverse(layers)) _merge.AddBelow(layer, imports.IsOfWorkspace(layer, folders));
        ofPorts = imports.ForwardPortsPlace;
        return imports.ForwardPorts;
    }

    private DevboxSpec PeekImage() => Decode(_merge.Image, new Reading()).Spec;

    private SpecDraft Decode(TomlTable root, Reading reading)
    {
        // Each layer's own version was looked at; all of them together have ours.
        root.Set(new TomlEntry("schema", default, new TomlInteger(default, RootKeys.Schema)));
        SpecDraft draft = RootKeys.Root.Read(root, new SpecDraft(), reading);
        foreach (TomlTable hooks in _merge.ShortHooks)
        {
            HooksDraft before = draft.ShortHooks;
            draft = draft with { ShortHooks = reading.Within("hooks", () => HookKeys.Hooks.Read(hooks, before, reading)) };
        }

        return draft;
    }

    // A newer format is refused as a whole; a missing or mistyped version is reported and taken for ours.
    private bool IsOurSchema(TomlDocument document, string file)
    {
        if (!document.Root.TryGet("schema", out TomlEntry entry))
        {
            // The line that holds it may be the one that could not be read.
            if (document.Root.Damage is null) _reading.Fail(Start(file), $"\"schema\" is missing; this format is schema = {RootKeys.Schema}");
        }
        else if (entry.Value is not TomlInteger version)
        {
            _reading.Within("schema", () => _reading.FailType(entry.Value, $"{RootKeys.Schema}"));
        }
        else if (version.Value != RootKeys.Schema)
        {
            string problem = version.Value > RootKeys.Schema ? "newer than this sessiond" : "unknown";
            _reading.Fail(entry.Value.Position, $"schema {version.Value} is {problem}: this version reads schema = {RootKeys.Schema}; the file is not used");
            return false;
        }

        document.Root.Remove("schema");
        return true;
    }

    private static SourcePosition Start(string file) => new(file, 1, 1);

    private List<SpecError> Sorted(IEnumerable<SpecError> errors) =>
        [.. errors.OrderBy(error => _files.IndexOf(error.File)).ThenBy(error => error.Line).ThenBy(error => error.Column)];
}
