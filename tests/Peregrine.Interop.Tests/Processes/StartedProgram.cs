using System.Diagnostics;

namespace Peregrine.Interop.Tests.Processes;

/// <summary>A program that was started, with all that it wrote. Disposing asks it to end, and ends it if it does not.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Process _process;
    private readonly WrittenLines _output;
    private readonly WrittenLines _error;

    private StartedProgram(Process process)
    {
        _process = process;
        Id = process.Id;
        _output = new WrittenLines(process.StandardOutput);
        _error = new WrittenLines(process.StandardError);
    }

    internal int Id { get; }

    internal string Output => _output.Text;

    internal string Error => _error.Text;

    internal static StartedProgram Start(string program, params IEnumerable<string> arguments) => Start(program, arguments, environment: null);

    internal static StartedProgram Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new StartedProgram(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end, with nothing on its standard input.</summary>
    internal static async Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var started = Start(program, arguments, environment);
        started._process.StandardInput.Close();
        return await started.WaitForEndAsync();
    }

    /// <summary>Runs the command-line tool to its end.</summary>
    internal static Task<CommandResult> RunPeregrineAsync(params IEnumerable<string> arguments) => RunAsync(Programs.Peregrine, arguments);

    /// <summary>Waits for a line on standard error, and gives it; fails where the program ends without it.</summary>
    internal Task<string> WaitForErrorLineAsync(string part) => _error.WaitForAsync(part).WaitAsync(Patience);

    internal async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    internal Task<string> WaitForOutputLineAsync(string part) => _output.WaitForAsync(part).WaitAsync(Patience);

    internal void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until it has ended and all that it wrote was read.</summary>
    internal async Task<CommandResult> WaitForEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} did not end in {Patience.TotalSeconds} s.\n{Output}\n{Error}");
        }

        var elapsed = _clock.Elapsed;
        await Task.WhenAll(_output.Ended, _error.Ended).WaitAsync(Patience);
        return new CommandResult(_process.ExitCode, Output, Error, elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // The polite way first: what is killed cannot end what it has started.
            Signals.Terminate(Id);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }
}
