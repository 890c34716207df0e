using System.Runtime.CompilerServices;

namespace Sessiond.Terminal.Tests;

/// <summary>Where this project's data is.</summary>
internal static class TestFiles
{
    public static string Folder => Path.GetDirectoryName(Source())!;

    private static string Source([CallerFilePath] string path = "") => path;
}
