using System.Diagnostics;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Processes;
using Peregrine.Transport.Processes.Windows;

namespace Peregrine.Transport.Tests.Processes;

/// <summary>What of the Windows part can run anywhere: the search for a program, and the child behind <see cref="Process"/>.</summary>
public sealed class WindowsTests
{
    [Theory]
    [InlineData("npx", "npx.cmd")]
    [InlineData("node", "node.exe")]
    [InlineData("node.exe", "node.exe")]
    [InlineData("tool.v2", "tool.v2.bat")]
    [InlineData("absent", null)]
    public void A_name_is_completed_by_PATHEXT_in_the_order_of_PATH(string command, string? expected)
    {
        string[] files = [Path.Combine("second", "npx.cmd"), Path.Combine("first", "node.exe"), Path.Combine("second", "tool.v2.bat"), "npx"];
        var found = WindowsCommand.Find(command, "first; \"second\"", ".EXE;.CMD;.BAT".ToLowerInvariant(), "/work", p => files.Contains(p));
        Assert.Equal(expected, found is null ? null : Path.GetFileName(found));
    }

    [Fact]
    public void A_path_is_relative_to_the_working_directory() =>
        Assert.Equal(
            Path.GetFullPath(Path.Combine("bin", "a.COM"), "/base"),
            WindowsCommand.Find("bin/a", searchPath: null, extensions: null, "/base", p => p.EndsWith("a.COM", StringComparison.Ordinal)));

    [Theory]
    [InlineData("x.cmd", "a&calc", true)]
    [InlineData("x.BAT", "%PATH%", true)]
    [InlineData("x.cmd", "@scope/package", false)]
    [InlineData("x.exe", "a&calc", false)]
    public void Arguments_that_cmd_would_read_twice_are_found(string path, string argument, bool expected) =>
        Assert.Equal(expected, WindowsCommand.IsUnsafe(path, argument));

    [Fact]
    public async Task The_child_speaks_ends_and_is_killed_with_its_tree()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses cat");
        var child = WindowsChild.Start("cat", Redirected("cat"));
        await child.Input.WriteAsync("hello\n"u8.ToArray());
        await child.Input.FlushAsync();
        var buffer = new byte[16];
        Assert.Equal(6, await child.Output.ReadAsync(buffer).Soon());
        Assert.False(child.Exited.IsCompleted);
        child.Terminate();
        child.Kill();
        Assert.NotEqual(0, (await child.Exited.Soon()).Code);
        child.Kill();
        Assert.Equal(0, await child.Error.ReadAsync(buffer).Soon());

        var brief = WindowsChild.Start("true", Redirected("true"));
        Assert.Equal(0, (await brief.Exited.Soon()).Code);
        Assert.True(brief.Id > 0);
    }

    [Fact]
    public void A_start_that_fails_says_why()
    {
        Assert.Throws<McpTransportException>(() => WindowsChild.Start("x", Redirected("/no/such/program")));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there the search works");
        Assert.Throws<McpTransportException>(() => WindowsChild.Start(new ProcessConnectionOptions { Command = "cat" }));
    }

    [Fact]
    public void Exits_read_as_sentences()
    {
        Assert.Equal("exited with code 3", new ProcessExit(3, null).ToString());
        Assert.Equal("was ended by signal 9", new ProcessExit(null, 9).ToString());
        Assert.Equal("ended in an unknown way", default(ProcessExit).ToString());
    }

    private static ProcessStartInfo Redirected(string file) => new(file)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
