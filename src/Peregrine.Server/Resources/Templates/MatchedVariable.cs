namespace Peregrine.Server.Resources.Templates;

/// <summary>What a URI says of one variable, percent-decoded.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Values">Its value, or the elements of its list.</param>
internal readonly record struct MatchedVariable(TemplateVariable Variable, string[] Values);
