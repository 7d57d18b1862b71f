using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Stores;
using Peregrine.Server.Once;

namespace Peregrine.Server.Hosting;

/// <summary>Says in a container where the ledger of keyed calls is kept.</summary>
public static class PeregrineLedgerExtensions
{
    /// <summary>Changes how calls with a key are run once.</summary>
    public static IPeregrineBuilder UseLedger(this IPeregrineBuilder builder, Func<OnceOptions, OnceOptions> change)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(server => server.UseLedger(change));
    }

    /// <summary>Keeps the keys of calls in a ledger of the caller's.</summary>
    public static IPeregrineBuilder UseLedger(this IPeregrineBuilder builder, ICallLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(server => server.UseLedger(ledger));
    }

    /// <summary>Keeps the keys of calls in a journal, which the container opens with the server and closes at its end.</summary>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public static IPeregrineBuilder UseJournal(this IPeregrineBuilder builder, JournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        builder.Services.AddSingleton(provider => JournalStores.Open(options, logger: provider.GetService<ILoggerFactory>()?.CreateLogger("Peregrine.Execution.Journal")));
        return builder.Configure(static server => server.UseLedger(static services => services.GetRequiredService<JournalStores>().Ledger));
    }
}
