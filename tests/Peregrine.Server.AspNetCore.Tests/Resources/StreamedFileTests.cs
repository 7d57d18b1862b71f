using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Allocation;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Resources.Files;

namespace Peregrine.Server.AspNetCore.Tests.Resources;

/// <summary>Files over HTTP: sent while they are read.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class StreamedFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("peregrine-streamed-").FullName;

    [Theory]
    [InlineData(100)]
    [InlineData(1_000_003)]
    public async Task BytesAndTextArriveAsTheyAre(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
        var text = string.Concat(Enumerable.Range(0, length / 10).Select(static i => $"\"é{i % 10}€\n\U0001F985"));
        await File.WriteAllBytesAsync(Path.Join(_root, "b.bin"), bytes);
        await File.WriteAllTextAsync(Path.Join(_root, "t.txt"), text);
        await using var site = await StartAsync();

        foreach (var stateless in new[] { false, true })
        {
            using var binary = await site.Client.SendAsync(Read("b.bin", stateless));
            var result = (await binary.JsonAsync()).GetProperty("result");
            Assert.Equal(bytes, result.GetProperty("contents")[0].GetProperty("blob").GetBytesFromBase64());
            Assert.Equal(stateless, result.TryGetProperty("cacheScope", out _));

            using var plain = await site.Client.SendAsync(Read("t.txt", stateless));
            Assert.Equal("application/json", plain.Content.Headers.ContentType?.MediaType);
            Assert.Equal(text, Parse(await plain.Content.ReadAsStringAsync()).GetProperty("result").GetProperty("contents")[0].GetProperty("text").GetString());
        }

        Assert.Empty(site.Log.All);
    }

    [Fact]
    public async Task ACallerThatWantsEventsGetsOne()
    {
        await File.WriteAllTextAsync(Path.Join(_root, "t.txt"), new string('x', 300_000));
        await using var site = await StartAsync();

        using var response = await site.Client.SendAsync(Read("t.txt", stateless: true, ("Accept", "text/event-stream")));

        var reply = Assert.Single(await response.EventsAsync());
        Assert.Equal(300_000, reply.GetProperty("result").GetProperty("contents")[0].GetProperty("text").GetString()!.Length);
        Assert.Equal(1, reply.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task AFileThatIsTooLongOrNotThereIsAnError()
    {
        await File.WriteAllTextAsync(Path.Join(_root, "t.txt"), new string('x', 300_000));
        await using var site = await StartAsync(McpFilesOptions.Default with { MaxFileBytes = 200_000 });

        using var tooLong = await site.Client.SendAsync(Read("t.txt", stateless: true));
        using var missing = await site.Client.SendAsync(Read("none.txt", stateless: true));

        Assert.Equal(4003, (await tooLong.JsonAsync()).Code());
        Assert.Equal(-32602, (await missing.JsonAsync()).Code());
    }

    // The point of it all: a gigabyte passes through a process that grows by less than 32 MiB.
    [Fact]
    public async Task AGigabyteNeedsNoMemory()
    {
        const long Length = 1L << 30;
        SetLength("huge.bin", Length);
        SetLength("warm.bin", 32L << 20);
        await using var site = await StartAsync();
        var buffer = new byte[64 * 1024];
        await DiscardAsync(site, "warm.bin", buffer, static () => { });
        GC.Collect();
        var before = Environment.WorkingSet;
        var highest = before;

        var received = await DiscardAsync(site, "huge.bin", buffer, () => highest = Math.Max(highest, Environment.WorkingSet));

        Assert.True(received > Base64.GetMaxEncodedToUtf8Length((int)Length), $"{received} bytes");
        Assert.True(highest - before < 32L << 20, $"The process grew by {(highest - before) >> 20} MiB.");
    }

    [Fact]
    public async Task AFileThatBecomesShorterBreaksTheReplyOff()
    {
        SetLength("shrinks.bin", 256L << 20);
        await using var site = await StartAsync();

        using var response = await site.Client.SendAsync(Read("shrinks.bin", stateless: true), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);
        SetLength("shrinks.bin", 1000);

        await Assert.ThrowsAnyAsync<Exception>(async () => await body.CopyToAsync(Stream.Null).WaitAsync(TestSite.Patience));
        Assert.False(OperatingSystem.IsLinux() && IsOpen("shrinks.bin"));
    }

    [Fact]
    public async Task AFileIsClosedWhenTheCallerHasGone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are seen in /proc.");
        SetLength("left.bin", 256L << 20);
        await using var site = await StartAsync();

        using (var response = await site.Client.SendAsync(Read("left.bin", stateless: true), HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1000]);
            Assert.True(IsOpen("left.bin"));
        }

        await Waiting.UntilAsync(() => !IsOpen("left.bin"));
        Assert.Empty(site.Log.All);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Task<TestSite> StartAsync(McpFilesOptions? options = null) =>
        TestSite.StartAsync(app => app.MapPeregrine("/mcp", PeregrineServer.CreateBuilder("files", "1.0").AddFiles(_root, options).Build()));

    private static HttpRequestMessage Read(string path, bool stateless, params (string Name, string? Value)[] headers) => stateless
        ? TestSite.PostStateless("resources/read", "files:///" + path,
            $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"files:///{{{path}}}","_meta":{{{TestSite.Meta}}} } }""", headers)
        : TestSite.Post($$$"""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"files:///{{{path}}}"} }""", headers);

    private void SetLength(string name, long length)
    {
        using var file = new FileStream(Path.Join(_root, name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    private bool IsOpen(string name) =>
        Directory.EnumerateFiles("/proc/self/fd").Any(descriptor => new FileInfo(descriptor).LinkTarget == Path.Join(_root, name));

    private static async Task<long> DiscardAsync(TestSite site, string path, byte[] buffer, Action look)
    {
        using var response = await site.Client.SendAsync(Read(path, stateless: true), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync();
        long received = 0;
        for (int count, pieces = 0; (count = await body.ReadAsync(buffer)) > 0; pieces++)
        {
            received += count;
            if (pieces % 100 == 0)
            {
                look();
            }
        }

        Assert.Equal(response.Content.Headers.ContentLength, received);
        return received;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
