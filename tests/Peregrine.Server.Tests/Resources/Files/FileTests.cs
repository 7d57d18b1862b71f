using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Peregrine.Server.Resources.Files;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Resources.Files;

/// <summary>The files below a folder, over a connection that carries many replies.</summary>
public sealed class FileTests
{
    [Theory]
    [InlineData("a.txt", "text/plain", "text of a")]
    [InlineData("sub/b%20c.md", "text/markdown", "# b")]
    [InlineData("sub/b c.md", null, null)]
    [InlineData("sub/deep/%C3%A9.json", "application/json", "{}")]
    [InlineData("sub%2Fdeep%2F%C3%A9.json", "application/json", "{}")]
    public async Task AFileIsReadByItsPath(string path, string? type, string? text)
    {
        using var folder = new TestFolder();
        await using var peer = TestPeer.Start(Serve(folder));

        var reply = await peer.AskAsync(Read(path));

        if (text is null)
        {
            Assert.Equal(-32002, reply.Code());
            return;
        }

        var contents = Assert.Single(reply.Result().GetProperty("contents").EnumerateArray());
        Assert.Equal(("files:///" + path, type, text), (contents.GetProperty("uri").GetString(), contents.GetProperty("mimeType").GetString(), contents.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../secret.txt")]
    [InlineData("%2e%2e/secret.txt")]
    [InlineData("%2E%2E%2Fsecret.txt")]
    [InlineData("..%2fsecret.txt")]
    [InlineData("sub/../../secret.txt")]
    [InlineData("sub/../a.txt")]
    [InlineData("./a.txt")]
    [InlineData("a.txt/")]
    [InlineData("a.txt/.")]
    [InlineData("a.txt.")]
    [InlineData("a.txt%20")]
    [InlineData("a.txt%00")]
    [InlineData("a.txt%00.png")]
    [InlineData("%00")]
    [InlineData("a%0A.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("..\\secret.txt")]
    [InlineData("..%5Csecret.txt")]
    [InlineData("%5C%5Cserver%5Cshare%5Cx.txt")]
    [InlineData("C:%5CWindows%5Cwin.ini")]
    [InlineData("C:/Windows/win.ini")]
    [InlineData("a.txt::$DATA")]
    [InlineData("../root-secrets/secret.txt")]
    [InlineData("..root-secrets/secret.txt")]
    [InlineData("sub//deep/%C3%A9.json")]
    [InlineData("%252e%252e/secret.txt")]
    [InlineData("..%c0%afsecret.txt")]
    [InlineData("%c0%ae%c0%ae/secret.txt")]
    [InlineData("%ef%bc%8e%ef%bc%8e/secret.txt")]
    [InlineData("A.TXT")]
    [InlineData("SUB/b%20c.md")]
    [InlineData(".env")]
    [InlineData(".hidden/x.txt")]
    [InlineData("sub")]
    [InlineData("sub/deep")]
    [InlineData("a.txt?x=1")]
    [InlineData("a.txt#x")]
    [InlineData("nothing.txt")]
    [InlineData("a.txt/b")]
    public async Task NothingElseIsReached(string path)
    {
        using var folder = new TestFolder();
        await using var peer = TestPeer.Start(Serve(folder));

        var line = await peer.AskAsync(Read(path.Replace("\\", "\\\\", StringComparison.Ordinal)));

        Assert.Equal(-32002, line.Code());
        Assert.DoesNotContain("hidden\"", line.GetRawText(), StringComparison.Ordinal);
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task AVeryLongPathIsNotFound()
    {
        using var folder = new TestFolder();
        await using var peer = TestPeer.Start(Serve(folder));

        Assert.Equal(-32002, (await peer.AskAsync(Read(new string('a', 300)))).Code());
        Assert.Equal(-32002, (await peer.AskAsync(Read(string.Concat(Enumerable.Repeat("a/", 3000)) + "a"))).Code());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALinkIsFollowedOnlyInsideAndOnlyWhereAsked(bool follow)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links are told apart on Linux.");
        using var folder = new TestFolder();
        folder.Link("inside.txt", Path.Join(folder.Root, "a.txt"));
        folder.Link("relative.txt", "sub/../a.txt");
        folder.Link("folder", Path.Join(folder.Root, "sub"));
        folder.Link("outside.txt", Path.Join(folder.Root, "../secret.txt"));
        folder.Link("outside", Path.Join(folder.Root, "../root-secrets"));
        folder.Link("chain.txt", Path.Join(folder.Root, "outside.txt"));
        folder.Link("loop.txt", Path.Join(folder.Root, "loop.txt"));
        folder.Link("dangling.txt", Path.Join(folder.Root, "none.txt"));
        await using var peer = TestPeer.Start(Serve(folder, McpFilesOptions.Default with { FollowLinksInside = follow }));

        foreach (var path in new[] { "outside.txt", "outside/secret.txt", "chain.txt", "loop.txt", "dangling.txt" })
        {
            Assert.Equal(-32002, (await peer.AskAsync(Read(path))).Code());
        }

        foreach (var (path, text) in new[] { ("inside.txt", "text of a"), ("relative.txt", "text of a"), ("folder/b%20c.md", "# b") })
        {
            var reply = await peer.AskAsync(Read(path));
            Assert.Equal(follow ? text : null, reply.TryGetProperty("result", out var result) ? result.GetProperty("contents")[0].GetProperty("text").GetString() : null);
        }
    }

    [Fact]
    public async Task ARootThatIsALinkIsTheFolderItLeadsTo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links are told apart on Linux.");
        using var folder = new TestFolder();
        folder.Link("../link", folder.Root);
        await using var peer = TestPeer.Start(PeregrineServer.CreateBuilder("files", "1").AddFiles(Path.Join(folder.Root, "../link/")).Build());

        Assert.Equal("text of a", await TextAsync(peer, "a.txt"));
    }

    [Fact]
    public async Task APipeOrSocketIsNoFileAndDoesNotBlock()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes with names are made with mkfifo.");
        using var folder = new TestFolder();
        using var made = Process.Start("mkfifo", Path.Join(folder.Root, "pipe.txt"));
        await made.WaitForExitAsync();
        await using var peer = TestPeer.Start(Serve(folder));

        Assert.Equal(-32002, (await peer.AskAsync(Read("pipe.txt"))).Code());
    }

    [Fact]
    public async Task WhatAFileHoldsDecidesWhetherItIsText()
    {
        using var folder = new TestFolder();
        folder.Write("bytes.unknown", [1, 0, 2]);
        folder.Write("words.unknown", "wörds");
        folder.Write("latin.txt", [(byte)'a', 0xE9]);
        folder.Write("cut.txt", [(byte)'a', 0xC3]);
        folder.Write("zero.txt", "a\0b");
        folder.Write("image.png", "not really");
        folder.Write("empty.txt", "");
        folder.Write("empty", "");
        await using var peer = TestPeer.Start(Serve(folder));

        Assert.Equal(("blob", "application/octet-stream", "AQAC"), await ContentsAsync(peer, "bytes.unknown"));
        Assert.Equal(("text", "text/plain", "wörds"), await ContentsAsync(peer, "words.unknown"));
        Assert.Equal(("blob", "text/plain", "Yek="), await ContentsAsync(peer, "latin.txt"));
        Assert.Equal(("blob", "text/plain", "YcM="), await ContentsAsync(peer, "cut.txt"));
        Assert.Equal(("text", "text/plain", "a\0b"), await ContentsAsync(peer, "zero.txt"));
        Assert.Equal(("blob", "image/png", Convert.ToBase64String("not really"u8)), await ContentsAsync(peer, "image.png"));
        Assert.Equal(("text", "text/plain", ""), await ContentsAsync(peer, "empty.txt"));
        Assert.Equal(("text", "text/plain", ""), await ContentsAsync(peer, "empty"));
    }

    [Theory]
    [InlineData(48 * 1024)]
    [InlineData((48 * 1024) + 1)]
    [InlineData(64 * 1024)]
    [InlineData(1_000_003)]
    public async Task PiecesJoinWithoutASeam(int length)
    {
        using var folder = new TestFolder();
        var bytes = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
        var text = new StringBuilder(length);
        for (var i = 0; text.Length < length; i++)
        {
            text.Append((i % 5) switch { 0 => "é", 1 => "\"", 2 => "\U0001F985", 3 => "€", _ => $"{i}\n" });
        }

        folder.Write("b.bin", bytes);
        folder.Write("t.txt", text.ToString());
        await using var peer = TestPeer.Start(Serve(folder));

        Assert.Equal(Convert.ToBase64String(bytes), (await ContentsAsync(peer, "b.bin")).Content);
        Assert.Equal(text.ToString(), (await ContentsAsync(peer, "t.txt")).Content);
    }

    [Fact]
    public async Task ALongFileIsRefusedOnASharedConnection()
    {
        using var folder = new TestFolder();
        folder.Write("long.txt", new string('x', 5001));
        folder.Write("fits.txt", new string('x', 5000));
        await using var peer = TestPeer.Start(Serve(folder, McpFilesOptions.Default with { MaxSharedBytes = 5000 }));

        var reply = await peer.AskAsync(Read("long.txt"));

        Assert.Equal(4003, reply.Code());
        Assert.False(reply.Error().GetProperty("data").GetProperty("retryable").GetBoolean());
        Assert.Contains("5001 bytes", reply.Explanation(), StringComparison.Ordinal);
        Assert.Equal(5000, (await ContentsAsync(peer, "fits.txt")).Content.Length);
    }

    [Fact]
    public async Task OnlyFilesThatAreMeantAreServed()
    {
        using var folder = new TestFolder();
        await using var peer = TestPeer.Start(Serve(folder, McpFilesOptions.Default with
        {
            UriPrefix = "notes://n/", Name = "notes", Title = "Notes", Description = "All notes", Extensions = [".MD"], IncludeHidden = true, MaxFileBytes = 2,
        }));

        var template = Assert.Single((await peer.AskAsync(Messages.Request("resources/templates/list"))).Result().GetProperty("resourceTemplates").EnumerateArray());
        Assert.Equal("""{"uriTemplate":"notes://n/{+path}","name":"notes","title":"Notes","description":"All notes"}""", template.GetRawText());
        Assert.Equal(-32002, (await peer.AskAsync(ResourceTests.Read("notes://n/a.txt"))).Code());
        Assert.Equal(4003, (await peer.AskAsync(ResourceTests.Read("notes://n/sub/b%20c.md"))).Code());
    }

    [Fact]
    public async Task HiddenFilesAreServedWhereAsked()
    {
        using var folder = new TestFolder();
        await using var peer = TestPeer.Start(Serve(folder, McpFilesOptions.Default with { IncludeHidden = true }));

        Assert.Equal("hidden", await TextAsync(peer, ".hidden/x.txt"));
        Assert.Equal("hidden", await TextAsync(peer, ".env"));
        Assert.Equal(-32002, (await peer.AskAsync(Read("../secret.txt"))).Code());
    }

    [Fact]
    public async Task NoDescriptorStaysOpen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        using var folder = new TestFolder();
        folder.Write("long.txt", new string('x', 5001));
        await using var peer = TestPeer.Start(Serve(folder, McpFilesOptions.Default with { MaxSharedBytes = 5000 }));
        for (var i = 0; i < 20; i++)
        {
            await peer.AskAsync(Read("a.txt"));
            await peer.AskAsync(Read("long.txt"));
            await peer.AskAsync(Read("sub"));
        }

        var open = Directory.EnumerateFiles("/proc/self/fd").Count(name => new FileInfo(name).LinkTarget?.StartsWith(folder.Root, StringComparison.Ordinal) == true);

        Assert.Equal(0, open);
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        var faults = new McpFilesOptions { UriPrefix = "files", Extensions = ["md"], MaxFileBytes = 0, MaxSharedBytes = int.MaxValue }.Validate();

        Assert.Equal(4, faults.Count);
        Assert.Empty(McpFilesOptions.Default.Validate());
    }

    private static PeregrineServer Serve(TestFolder folder, McpFilesOptions? options = null) => PeregrineServer.CreateBuilder("files", "1.0").AddFiles(folder.Root, options).Build();

    private static string Read(string path) => ResourceTests.Read("files:///" + path);

    private static async Task<string?> TextAsync(TestPeer peer, string path) => (await ContentsAsync(peer, path)).Content;

    private static async Task<(string Member, string? Type, string Content)> ContentsAsync(TestPeer peer, string path)
    {
        var contents = Assert.Single((await peer.AskAsync(Read(path))).Result().GetProperty("contents").EnumerateArray());
        var member = contents.TryGetProperty("text", out var content) ? "text" : "blob";
        return (member, contents.GetProperty("mimeType").GetString(), (content.ValueKind == JsonValueKind.String ? content : contents.GetProperty("blob")).GetString()!);
    }
}
