namespace Sessiond.Spec;

/// <summary>Reads specs. An error never throws: the result says what is wrong and what can still be used.</summary>
public static class SpecLoader
{
    /// <summary>Reads one file, which is then the whole spec.</summary>
    /// <param name="path">The file, as messages shall name it.</param>
    /// <param name="options">About the process that will use the spec.</param>
    public static SpecResult Load(string path, SpecLoaderOptions? options = null)
    {
        var load = new SpecLoad(options ?? new SpecLoaderOptions());
        load.AddFile(path);
        return load.Finish();
    }

    /// <summary>Reads a spec from memory.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="file">Its name for messages.</param>
    /// <param name="options">About the process that will use the spec.</param>
    public static SpecResult Parse(ReadOnlySpan<byte> utf8, string file, SpecLoaderOptions? options = null)
    {
        var load = new SpecLoad(options ?? new SpecLoaderOptions());
        load.AddText(utf8, file);
        return load.Finish();
    }

    /// <summary>Reads all layers that exist, weakest first. Without any, the result is the spec of defaults.</summary>
    /// <param name="layers">Where they are looked for.</param>
    /// <param name="options">About the process that will use the spec.</param>
    public static SpecResult LoadLayers(SpecLayers layers, SpecLoaderOptions? options = null)
    {
        var load = new SpecLoad(options ?? new SpecLoaderOptions());
        if (File.Exists(layers.SystemFile)) load.AddFile(layers.SystemFile);
        if (Directory.Exists(layers.SystemFolder))
        {
            foreach (string file in Directory.GetFiles(layers.SystemFolder, "*.toml").Order(StringComparer.Ordinal)) load.AddFile(file);
        }

        DevboxSpec image = load.Peek();
        string workspaceFile = Path.Combine(load.Workspace(image), layers.WorkspaceFileName);
        if (File.Exists(workspaceFile)) load.AddFile(workspaceFile, image);

        DevboxSpec withWorkspace = load.Peek();
        string appFile = Path.GetFullPath(Path.Combine(load.Workspace(withWorkspace), withWorkspace.AppDir, layers.WorkspaceFileName));
        if (appFile != Path.GetFullPath(workspaceFile) && File.Exists(appFile)) load.AddFile(appFile, image);

        if (File.Exists(layers.OverlayFile)) load.AddFile(layers.OverlayFile);
        return load.Finish();
    }
}
