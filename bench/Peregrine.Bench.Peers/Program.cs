using Peregrine.Bench.Peers;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Reporting;
using Peregrine.Bench.Peers.Rows;
using Peregrine.Bench.Peers.Scoreboard;
using Peregrine.Bench.Peers.Soak;
using Peregrine.Bench.Peers.Targets;

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine("--help says more");
    return 2;
}

if (options.IsHelp || options.IsList)
{
    Console.WriteLine(options.IsHelp ? BenchOptions.Usage : string.Join('\n', options.Rows.Select(row => $"{row.Id,-24} {row.Title}")));
    return 0;
}

if (options.IsScoreboard)
{
    foreach (string document in ScoreboardDocument.Update(Installation.Find(null).Root))
        Console.WriteLine($"{document} was written anew");
    return 0;
}

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("the comparison pins processes to cores and drives them over raw descriptors: it runs on Linux only");
    return 2;
}

var placement = new Placement(ProcessorAffinity.Get());
Installation installation = Installation.Find(options.Server);
if (options.NeedsTypeScript)
    installation.InstallTypeScript(Console.Error.WriteLine);
installation.BuildServer(Console.Error.WriteLine);
BenchEnvironment environment = BenchEnvironment.Collect(installation, placement, args);
Console.Error.WriteLine($"{environment.Processor}, {environment.Processors} cores, {environment.Runtime}; {placement.Text}; load average {environment.LoadAverageBefore}");

// Threads made from here on inherit it: nothing of this process may run where the servers do.
ProcessorAffinity.Set(placement.Load);
if (options.SoakSeconds is not null)
{
    try
    {
        return new GatewaySoak(options, installation, placement, environment).Run(Console.Out) ? 0 : 1;
    }
    catch (Exception exception) when (exception is BenchException or HttpRequestException or TaskCanceledException)
    {
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
}

var runner = new RowRunner(options, installation, placement, Console.Error.WriteLine);
var results = new List<RowResult>();
foreach (RowDefinition row in options.Rows)
{
    RowResult result = runner.Run(row);
    results.Add(result);
    Table.Write(Console.Out, result);
    if (options.JsonFile is { } file)
        new BenchReport(environment, options.IsQuick, results).WriteJson(file);
}

if (options.IsQuick)
    Console.WriteLine("\n--quick: windows of 1 s are a first impression, not a result");
return results.Any(row => row.Targets.Any(target => target.Failed is not null)) ? 1 : 0;
