using System.Globalization;

namespace Peregrine.Load.Workloads;

/// <summary>What an operation must fulfil.</summary>
internal static class OperationRules
{
    private const double MaxWeight = 1_000_000;

    internal static void Check(IReadOnlyList<Operation> operations, List<string> faults)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            var place = string.Create(CultureInfo.InvariantCulture, $"operations[{i}]");
            if (string.IsNullOrWhiteSpace(operation.Name) || !names.Add(operation.Name))
            {
                faults.Add($"{place}.as: \"{operation.Name}\" is empty or taken by another operation");
            }

            if (!(operation.Weight is > 0 and <= MaxWeight))
            {
                faults.Add($"{place}.weight: more than 0, at most {MaxWeight:0}");
            }

            CheckTarget(operation, place, faults);
            CheckArguments(operation, place, faults);
        }
    }

    private static void CheckTarget(Operation operation, string place, List<string> faults)
    {
        if (operation.Kind == OperationKind.CallTool && string.IsNullOrEmpty(operation.Target))
        {
            faults.Add($"{place}.name: a tools/call needs the name of a tool");
        }

        if (operation.Target is not null && operation.Kind is not (OperationKind.CallTool or OperationKind.ReadResource or OperationKind.GetPrompt))
        {
            faults.Add($"{place}: {operation.Kind.ToMethod()} takes no name or uri");
        }
    }

    private static void CheckArguments(Operation operation, string place, List<string> faults)
    {
        if (operation.Arguments is not null && operation.Kind is not (OperationKind.CallTool or OperationKind.GetPrompt))
        {
            faults.Add($"{place}.arguments: {operation.Kind.ToMethod()} takes none");
            return;
        }

        var template = ArgumentTemplate.Parse(operation.Arguments ?? "{}", operation.ExpectedArgument, $"{place}.arguments", faults);
        if (template is not null && operation.ExpectedArgument is { } expected && !template.HasExpected)
        {
            faults.Add($"{place}.expect.argument: \"{expected}\" is no text among the top-level arguments");
        }

        if (operation.ExpectedArgument is not null && operation.ExpectedText is not null)
        {
            faults.Add($"{place}.expect: give either text or argument");
        }
    }
}
