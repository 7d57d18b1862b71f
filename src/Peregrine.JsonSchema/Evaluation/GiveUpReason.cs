namespace Peregrine.JsonSchema.Evaluation;

/// <summary>Why an instance could not be judged to the end, and therefore is invalid.</summary>
internal enum GiveUpReason : byte
{
    None,
    Evaluations,
    Stack,
    Pattern,
}
