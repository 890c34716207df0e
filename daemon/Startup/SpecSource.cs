using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Startup;

/// <summary>Where the spec comes from: the file that the command line names, else the layers.</summary>
internal static class SpecSource
{
    internal static SpecResult Load(ServeOptions options)
    {
        var loader = new SpecLoaderOptions { User = UserDatabase.Current().Name, IsRoot = UserDatabase.IsRoot, WorkingFolder = OwnFolder.Path };
        return options.SpecPath is { } path ? SpecLoader.Load(path, loader) : SpecLoader.LoadLayers(new SpecLayers(), loader);
    }
}
