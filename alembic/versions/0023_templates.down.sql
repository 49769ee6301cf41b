drop table dfworx.decision_templates;
