"""What a learner must not see: lesson sources, wrong answers, building and grading."""
