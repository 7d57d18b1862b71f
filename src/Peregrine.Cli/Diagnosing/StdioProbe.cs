using System.Text;
using System.Text.Json;
using Peregrine.Transport.Processes;

namespace Peregrine.Cli.Diagnosing;

/// <summary>Says single messages to a process, a line each.</summary>
internal sealed class StdioProbe : IProbe
{
    private readonly ServerProcess _process;
    private readonly StreamReader _output;
    private readonly TimeSpan _patience;
    private Task<string?>? _reading;

    internal StdioProbe(IReadOnlyList<string> command, TimeSpan patience, Action<string>? onErrorLine)
    {
        _process = ServerProcess.Start(new ProcessConnectionOptions { Command = command[0], Arguments = [.. command.Skip(1)], OnErrorLine = onErrorLine });
        _output = new StreamReader(_process.Output, Encoding.UTF8);
        _patience = patience;
    }

    public bool IsHttp => false;

    public async Task<ProbeReply> SendAsync(string body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        await _process.Input.WriteAsync(Encoding.UTF8.GetBytes(body + "\n"), cancellationToken).ConfigureAwait(false);
        await _process.Input.FlushAsync(cancellationToken).ConfigureAwait(false);
        var (id, isAnswered) = Expect(body);
        if (!isAnswered)
        {
            return ProbeReply.Nothing;
        }

        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(_patience);
        List<JsonElement> before = [];
        try
        {
            while (true)
            {
                // A read that was given up goes on: its line belongs to the next question.
                _reading ??= _output.ReadLineAsync(CancellationToken.None).AsTask();
                var line = await _reading.WaitAsync(time.Token).ConfigureAwait(false);
                _reading = null;
                if (line is null)
                {
                    return new ProbeReply(0, default, null, before);
                }

                if (TryParse(line) is not { } message)
                {
                    continue;
                }

                var hasId = message.TryGetProperty("id", out var of);
                if (!message.TryGetProperty("method", out var method) && (!hasId || of.ValueKind == JsonValueKind.Null || of.GetRawText() == id))
                {
                    return new ProbeReply(0, message, null, before);
                }

                before.Add(message);
                if (method.ValueKind == JsonValueKind.String && method.GetString() == "notifications/subscriptions/acknowledged")
                {
                    return new ProbeReply(0, default, null, before);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeReply(0, default, null, before);
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // A notification gets no answer; whatever is no JSON may get one without an id.
    private static (string? Id, bool IsAnswered) Expect(string body) =>
        TryParse(body) is not { } message ? (null, true) : message.TryGetProperty("id", out var id) ? (id.GetRawText(), true) : (null, false);

    private static JsonElement? TryParse(string line)
    {
        try
        {
            return JsonElement.Parse(line) is { ValueKind: JsonValueKind.Object } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
