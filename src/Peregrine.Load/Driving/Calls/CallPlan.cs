using System.Text;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Driving.Calls;

/// <summary>An operation, ready to be sent. Immutable.</summary>
internal sealed class CallPlan
{
    internal CallPlan(Operation operation, MessageFormat format)
    {
        Operation = operation;
        Arguments = ArgumentTemplate.Parse(operation.Arguments ?? "{}", operation.ExpectedArgument, operation.Name, []);
        Request = format.Call(operation, Arguments);
        if ((operation.ExpectedText ?? Arguments?.ConstantExpectation) is { } expected)
        {
            Expected = Encoding.UTF8.GetBytes(expected);
        }
    }

    internal Operation Operation { get; }

    internal ArgumentTemplate? Arguments { get; }

    internal RequestTemplate Request { get; }

    /// <summary>The text that every result must contain; empty where there is none, or where it is generated with the arguments.</summary>
    internal byte[] Expected { get; } = [];
}
