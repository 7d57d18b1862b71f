using System.Threading.Channels;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Tests.Configuration;

/// <summary>A file that changes under a running gateway.</summary>
public sealed class ConfigurationWatcherTests : IDisposable
{
    private const string One = """{"mcpServers":{"one":{"command":"x"}}}""";
    private const string Two = """{"mcpServers":{"two":{"command":"x"}}}""";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"peregrine-{Guid.NewGuid():N}.json");
    private readonly Channel<ConfigurationResult> _seen = Channel.CreateUnbounded<ConfigurationResult>();
    private readonly CancellationTokenSource _ending = new(RunningGateway.Patience);

    public void Dispose()
    {
        File.Delete(_path);
        _ending.Dispose();
    }

    [Fact]
    public async Task A_change_is_read_once_it_has_settled_and_a_bad_file_is_reported_as_such()
    {
        await File.WriteAllTextAsync(_path, One);
        using var watcher = new ConfigurationWatcher(_path, TimeSpan.FromMilliseconds(10));
        var watching = watcher.RunAsync(result => _seen.Writer.WriteAsync(result), _ending.Token);

        await UntilSeenAsync(Two, static result => result.Configuration?.Upstreams[0].Name == "two");
        await UntilSeenAsync("{", static result => !result.IsValid);
        File.Delete(_path);
        await UntilSeenAsync(One, static result => result.Configuration?.Upstreams[0].Name == "one");

        await _ending.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Who_asks_has_the_file_read_though_it_has_not_changed()
    {
        await File.WriteAllTextAsync(_path, One);
        using var watcher = new ConfigurationWatcher(_path, TimeSpan.FromHours(1));
        var watching = watcher.RunAsync(result => _seen.Writer.WriteAsync(result), _ending.Token);

        watcher.Poke();

        Assert.True((await _seen.Reader.ReadAsync(_ending.Token)).IsValid);
        await _ending.CancelAsync();
        await watching;
    }

    // The first write may come before the watcher has looked for the first time: then it is no change, so it is written until it is seen.
    private async Task UntilSeenAsync(string text, Func<ConfigurationResult, bool> wanted)
    {
        await File.WriteAllTextAsync(_path, text);
        for (var i = 0; ; i++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            patience.CancelAfter(500);
            try
            {
                if (wanted(await _seen.Reader.ReadAsync(patience.Token)))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (!_ending.IsCancellationRequested)
            {
                await File.WriteAllTextAsync(_path, text + new string(' ', i));
            }
        }
    }
}
