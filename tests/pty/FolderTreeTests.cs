namespace Sessiond.Pty.Tests;

/// <summary>Deleting trees that others change meanwhile.</summary>
public sealed class FolderTreeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessiond-tree-").FullName;

    private string Tree => Path.Combine(_folder, "tree");

    private string Others => Path.Combine(_folder, "others");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_tree_goes_with_all_that_is_in_it_and_links_in_it_lead_nowhere()
    {
        Directory.CreateDirectory(Path.Combine(Others, "kept"));
        Directory.CreateDirectory(Path.Combine(Tree, ".hidden/..more/deeper"));
        File.WriteAllText(Path.Combine(Tree, ".hidden/file"), "");
        for (int i = 0; i < 3000; i++) File.WriteAllText(Path.Combine(Tree, $"file {i}"), "");
        File.CreateSymbolicLink(Path.Combine(Tree, "to-folder"), Others);
        File.CreateSymbolicLink(Path.Combine(Tree, "to-nothing"), "/nowhere");
        Shell("mkfifo tree/pipe; mkdir \"$(printf 'tree/\\377name')\"; : >\"$(printf 'tree/\\377name/in\\nit')\"; chmod 0 tree/.hidden/file");

        Assert.True(FolderTree.Delete(Tree));

        Assert.False(Path.Exists(Tree));
        Assert.True(Directory.Exists(Path.Combine(Others, "kept")));
    }

    [Fact]
    public void A_link_in_the_place_of_the_folder_is_not_followed_and_no_folder_is_no_failure()
    {
        Directory.CreateDirectory(Path.Combine(Others, "kept"));
        File.CreateSymbolicLink(Tree, Others);
        Assert.False(FolderTree.Delete(Tree));
        Assert.True(Directory.Exists(Path.Combine(Others, "kept")));
        Assert.True(FolderTree.Delete(Path.Combine(_folder, "none")));
    }

    [Fact]
    public void A_tree_that_is_deeper_than_any_path_goes_too()
    {
        // Chains of 200 folders, each put into the end of the next.
        string chain = string.Join('/', Enumerable.Repeat("d", 200));
        Directory.CreateDirectory(Path.Combine(Tree, chain));
        for (int i = 0; i < 12; i++)
        {
            string next = Path.Combine(_folder, "next");
            Directory.CreateDirectory(Path.Combine(next, chain));
            Directory.Move(Tree, Path.Combine(next, chain, "d"));
            Directory.Move(next, Tree);
        }

        Assert.True(FolderTree.Delete(Tree));
    }

    [Fact]
    public async Task A_folder_that_turns_into_a_link_while_it_is_deleted_takes_nobody_elses_files_along()
    {
        Directory.CreateDirectory(Others);
        for (int i = 0; i < 50; i++) File.WriteAllText(Path.Combine(Others, $"kept-{i}"), "");
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 60; i++)
            {
                Directory.CreateDirectory(Path.Combine(Tree, $"folder-{i}"));
                for (int file = 0; file < 5; file++) File.WriteAllText(Path.Combine(Tree, $"folder-{i}/{file}"), "");
            }

            using var over = new CancellationTokenSource();
            Task swapping = Task.Run(() => Swap(over.Token), CancellationToken.None);
            FolderTree.Delete(Tree);
            await over.CancelAsync();
            await swapping;
            Assert.Equal(50, Directory.GetFiles(Others).Length);
            FolderTree.Delete(Tree);
        }
    }

    /// <summary>Puts links to the others' folder in the place of folders of the tree, and takes them away again.</summary>
    private void Swap(CancellationToken over)
    {
        string aside = Path.Combine(_folder, "aside");
        while (!over.IsCancellationRequested)
        {
            for (int i = 0; i < 60; i++)
            {
                string folder = Path.Combine(Tree, $"folder-{i}");
                try
                {
                    Directory.Move(folder, aside);
                    File.CreateSymbolicLink(folder, Others);
                    File.Delete(folder);
                    Directory.Move(aside, folder);
                }
                catch (IOException)
                {
                    // It is gone; so is what lies aside, or it is not the attack's any more.
                    if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
                }
            }
        }
    }

    private void Shell(string command)
    {
        using ChildRun run = ChildRun.Start("sh", "-c", $"cd '{_folder}' && {{ {command}; }} && echo made");
        run.ReadUntil("made");
    }
}
