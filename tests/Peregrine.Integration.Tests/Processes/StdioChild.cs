using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Peregrine.Integration.Tests.Processes;

/// <summary>A server in a process of its own, spoken to over its standard streams by one thread, without any layer that could hide its latency.</summary>
internal sealed class StdioChild : IDisposable
{
    /// <summary>A test that waits this long has failed.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly StringBuilder _errors = new();
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _start;
    private int _end;

    private StdioChild(Process process)
    {
        _process = process;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    internal int Id => _process.Id;

    internal int ExitCode => _process.ExitCode;

    /// <summary>What came on standard error. Complete once the process has ended.</summary>
    internal string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    internal Stream Output => _output;

    /// <summary>Starts the sample server.</summary>
    /// <param name="cpu">The one core it may use; null for all.</param>
    internal static StdioChild StartSample(int? cpu = null) => Start(BuiltPrograms.Peregrine, ["serve", "--stdio"], cpu);

    /// <summary>
    /// The sample server with a youngest generation of 4 MiB: else its budget follows the processor's cache, and on a large one garbage grows for so long that it looks like a leak.
    /// </summary>
    internal static StdioChild StartSampleWithSmallHeap() => Start(BuiltPrograms.Peregrine, ["serve", "--stdio"], smallHeap: true);

    internal static StdioChild Start(string program, string[] arguments, int? cpu = null, bool smallHeap = false)
    {
        var start = cpu is { } core
            ? new ProcessStartInfo("taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["DOTNET_ROOT"] = BuiltPrograms.DotnetRoot;
        if (smallHeap)
        {
            start.Environment["DOTNET_GCgen0size"] = "400000";
            start.Environment["DOTNET_GCgen0MaxBudget"] = "400000";
        }

        return new StdioChild(Process.Start(start)!);
    }

    internal static string Request(string id, string method) => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}"}""";

    internal static string Call(string id, string tool, string arguments) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}} } }""";

    internal static string Cancel(string id) => $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}} } }""";

    internal void Send(params ReadOnlySpan<string> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            text.Append(message).Append('\n');
        }

        Send(Encoding.UTF8.GetBytes(text.ToString()));
    }

    internal void Send(ReadOnlySpan<byte> bytes)
    {
        _input.Write(bytes);
        _input.Flush();
    }

    /// <summary>The next line; empty at the end. Valid until the next call.</summary>
    internal ReadOnlySpan<byte> ReceiveLine()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = _buffer.AsSpan(_start, length);
                _start += length + 1;
                return line;
            }

            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            Assert.True(_end < _buffer.Length, "A line is longer than any reply of the tests.");
            var count = _output.Read(_buffer.AsSpan(_end));
            if (count == 0)
            {
                return default;
            }

            _end += count;
        }
    }

    internal JsonElement Receive()
    {
        var line = ReceiveLine().ToArray();
        Assert.True(line.Length > 0, $"The server has ended. {Errors}");
        using var message = JsonDocument.Parse(line);
        return message.RootElement.Clone();
    }

    /// <summary>Receives until the reply to <paramref name="id"/> has come; other replies are counted.</summary>
    internal string ReceiveReplyTo(ReadOnlySpan<byte> id, ref int others)
    {
        while (true)
        {
            var line = ReceiveLine();
            Assert.False(line.IsEmpty, $"The server has ended. {Errors}");
            if (line["{\"jsonrpc\":\"2.0\",\"id\":"u8.Length..].StartsWith(id))
            {
                return Encoding.UTF8.GetString(line);
            }

            others++;
        }
    }

    internal void EndInput() => _input.Close();

    internal void WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience), "The server has not ended.");

        // Once more without a limit: that one waits for standard error too.
        _process.WaitForExit();
    }

    /// <summary>Kibibytes of memory that the process holds (Linux).</summary>
    internal long ResidentKiB()
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("VmRSS:".Length, line.Length - "VmRSS:".Length - " kB".Length), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
