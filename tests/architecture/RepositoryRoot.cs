namespace Sessiond.Architecture.Tests;

/// <summary>The folder of sessiond.sln.</summary>
internal static class RepositoryRoot
{
    internal static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder)
    {
        while (!File.Exists(System.IO.Path.Combine(folder, "sessiond.sln"))) folder = Directory.GetParent(folder)!.FullName;
        return folder;
    }
}
