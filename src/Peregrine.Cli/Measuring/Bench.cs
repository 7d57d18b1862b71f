using System.Globalization;
using System.Text;
using Peregrine.Load.Driving;
using Peregrine.Load.Results;

namespace Peregrine.Cli.Measuring;

/// <summary>`peregrine bench`: makes load and tells what became of it.</summary>
internal static class Bench
{
    internal static async Task<int> RunAsync(BenchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var result = await LoadRunner.RunAsync(request.Target, request.Workload, request.Options, new Told(), cancellationToken);
            result = result with { CommandLine = ["peregrine", .. Environment.GetCommandLineArgs().Skip(1)] };
            await Console.Out.WriteLineAsync(request.Json ? Encoding.UTF8.GetString(ResultFile.Write(result)) : ResultText.Write(result));
            return result.IsFine ? ExitCodes.Fine : ExitCodes.Failed;
        }
        catch (LoadException exception)
        {
            await Console.Error.WriteLineAsync($"peregrine: {exception.Message}");
            return ExitCodes.NotReached;
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"peregrine: {exception.Message}");
            return ExitCodes.BadUsage;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("peregrine: stopped; there is no result.");
            return ExitCodes.Failed;
        }
    }

    /// <summary>`peregrine bench validate`: finds what is wrong with a result.</summary>
    internal static async Task<int> ValidateAsync(FileInfo file, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            using var memory = new MemoryStream();
            await using var stream = file.OpenRead();
            await stream.CopyToAsync(memory, cancellationToken);
            bytes = memory.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"peregrine: {exception.Message}");
            return ExitCodes.BadUsage;
        }

        ResultFile.Read(bytes, out var faults);
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync($"{file.Name}: {fault}");
        }

        return faults.Count == 0 ? ExitCodes.Fine : ExitCodes.Failed;
    }

    private sealed class Told : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(value.IsWarmUp ? "warm-up " : "measured")} {value.Elapsed.TotalSeconds,5:0} s  {value.Second.Succeeded,9:N0}/s  P50 {Durations.Write(value.Second.P50),9}  P99 {Durations.Write(value.Second.P99),9}  errors {value.Errors:N0}"));
    }
}
