#if DEBUG
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Peregrine.Protocol.Tests.Buffers;
using Xunit.v3;

// One test at a time: of several that run at once nobody could say whose a buffer is.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: BalancedBuffers]

namespace Peregrine.Protocol.Tests.Buffers;

/// <summary>After every test of a Debug build: all that the libraries rented from their pools is back, and went back once. Compiled into several test projects.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class BalancedBuffersAttribute : BeforeAfterTestAttribute
{
    // What a test leaves to end by itself, such as a connection that was closed, gets this long; nothing waits where all is back.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly HashSet<object> Reported = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is rented at this moment, and from where; to be used under its lock.</summary>
    internal static Dictionary<object, StackTrace> Ledger { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Has the libraries keep the ledger, before any of them runs.</summary>
    [ModuleInitializer]
    internal static void Watch() => AppContext.SetData("Peregrine.RentLedger", Ledger);

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (WaitForRest() is { Count: > 0 } rest)
        {
            Assert.Fail($"{rest.Count} rented buffers out of balance:\n" + string.Join('\n', rest.Take(3).Select(static entry => Describe(entry.Key, entry.Value))));
        }
    }

    private static List<KeyValuePair<object, StackTrace>> WaitForRest()
    {
        var since = Stopwatch.GetTimestamp();
        lock (Ledger)
        {
            List<KeyValuePair<object, StackTrace>> rest;
            while ((rest = [.. Ledger.Where(static entry => !Reported.Contains(entry.Key))]).Count > 0)
            {
                var left = Patience - Stopwatch.GetElapsedTime(since);
                if (left <= TimeSpan.Zero || rest.Exists(static entry => entry.Key is string) || !Monitor.Wait(Ledger, left))
                {
                    break;
                }
            }

            Reported.UnionWith(rest.Select(static entry => entry.Key));
            return rest;
        }
    }

    private static string Describe(object rented, StackTrace from) => (rented is Array array ? $"{array.GetType().GetElementType()!.Name}[{array.Length}] was not given back" : $"a buffer {rented}") + $"\n{from}";
}
#endif
