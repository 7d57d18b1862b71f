using Peregrine.Client;
using Peregrine.Interop.Tests.Processes;
using Peregrine.Protocol.Versions;

namespace Peregrine.Interop.Tests.Servers;

/// <summary>What connecting and disposing many times leaves behind: nothing.</summary>
public sealed class ManyProcessesTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public Task AHundredConnectsAndDisposals() => ConnectAndDisposeAsync(100);

    [Fact]
    [Trait("Category", "Full")]
    public Task AThousandConnectsAndDisposals() => ConnectAndDisposeAsync(1000);

    private static async Task ConnectAndDisposeAsync(int count)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");

        // The first time, so that what is made once is there already.
        await ConnectOnceAsync();
        var descriptors = Descriptors();
        var threads = Threads();
        for (var i = 0; i < count; i += 4)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(static _ => ConnectOnceAsync()));
        }

        Assert.DoesNotContain(ProcessTable.DescendantsOf(Environment.ProcessId).Where(ProcessTable.IsAlive).Select(ProcessTable.Describe), static one => one.Contains("serve", StringComparison.Ordinal));
        await Patience.UntilAsync(() => Descriptors() <= descriptors + 2, describe: () => $"{descriptors} descriptors before, {Descriptors()} after");

        // The pool may have grown by a few; each child that left one would leave a hundred.
        Assert.InRange(Threads(), 1, threads + 20);
    }

    private static async Task ConnectOnceAsync()
    {
        await using var client = await PeregrineClient.ConnectStdioAsync(Programs.Peregrine, ["serve", "--stdio"], new PeregrineClientOptions { Era = ProtocolEra.Session });
        await client.PingAsync();
    }

    // Sockets, pipes and what waits for them. Not files: the runtime opens assemblies whenever it needs them.
    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Count(static path => new FileInfo(path).LinkTarget is { } target && !target.StartsWith('/'));

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;
}
