using BenchmarkDotNet.Running;
using Peregrine.Bench.Micro.Caching;
using Peregrine.Bench.Micro.Client;
using Peregrine.Bench.Micro.JsonSchema;
using Peregrine.Bench.Micro.Ledger;
using Peregrine.Bench.Micro.Protocol;
using Peregrine.Bench.Micro.Ratios;
using Peregrine.Bench.Micro.Server;
using Peregrine.Bench.Micro.Subscriptions;

// --ratios [TEXT] [--json FILE] measures the contestants of each case in alternation and prints their ratios in under 30 s; TEXT picks cases by name.
// --keyed [--seconds N] measures calls with a key in each kind of ledger.
// --zipf prints how many askings the result cache answers.
// Anything else goes to BenchmarkDotNet, for example: --filter '*Envelope*'.
if (args.Contains("--ratios"))
{
    RatioCase[] cases = [.. EnvelopeRatios.Cases, .. SchemaRatios.Cases, .. FanOutRatios.Cases, .. ClientRatios.Cases, .. CacheRatios.Cases, .. ValidationRatios.Cases];
    return RatioCommand.Run(args, cases);
}

// --tx-echo prints the table of the workload tx-echo-1000.
if (args.Contains("--tx-echo"))
{
    return await TxEchoCommand.RunAsync();
}

if (args.Contains("--keyed"))
{
    return await KeyedCallsCommand.RunAsync(args);
}

if (args.Contains("--zipf"))
{
    return ZipfCommand.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
